package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.websocket.CloseReason;
import jakarta.websocket.DecodeException;
import jakarta.websocket.Decoder;
import jakarta.websocket.EncodeException;
import jakarta.websocket.Encoder;
import jakarta.websocket.Extension;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a team's code throws is told once, wherever it throws it (Jakarta WebSocket 2.1 section 5.2.2). */
@Timeout(60)
class EndpointFailuresTest {
    private static final String WHY = "for a test";
    private static final Queue<LogRecord> LOGGED = new ConcurrentLinkedQueue<>();
    private static final Queue<String> IDS = new ConcurrentLinkedQueue<>();
    private static final Handler LISTENING = new Handler() {
        @Override
        public void publish(LogRecord log) {
            if (log.getThrown() != null || log.getLevel().intValue() >= Level.WARNING.intValue()) {
                LOGGED.add(log);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private static StandaloneServer server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = StandaloneServer.start(
                StandaloneSettings.read(Map.of("parley.port", "0", "parley.data", folder.toString()), Optional.empty()),
                Messages.class,
                Handled.class,
                HandledWrongly.class,
                Opening.class,
                Closing.class,
                Unmade.class,
                UnmadeQuietly.class,
                Unmakeable.class,
                Decoding.class,
                Streaming.class,
                Configured.class);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void listen() {
        LOGGED.clear();
        IDS.clear();
        Logger.getLogger("").addHandler(LISTENING);
    }

    @AfterEach
    void listenNoMore() {
        Logger.getLogger("").removeHandler(LISTENING);
    }

    /** What a test throws. */
    static final class Thrown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Thrown() {
            super(WHY);
        }
    }

    @ServerEndpoint("/fails/messages")
    public static class Messages {
        @OnOpen
        public void open(Session session) {
            IDS.add(session.getId());
        }

        @OnMessage
        public String text(String text) {
            if (text.equals("error")) {
                throw new AssertionError(WHY);
            }
            if (text.equals("throw")) {
                throw new Thrown();
            }
            return text;
        }
    }

    @ServerEndpoint("/fails/handled/{number}")
    public static class Handled {
        @OnMessage
        public void text(String text) {
            throw new Thrown();
        }

        @OnError
        public void error(@PathParam("number") int number, Throwable failure, Session session) {
            session.getAsyncRemote().sendText(number + " " + failure.getMessage(), sent -> {});
        }
    }

    @ServerEndpoint("/fails/handled-wrongly")
    public static class HandledWrongly {
        @OnOpen
        public void open(Session session) {
            IDS.add(session.getId());
        }

        @OnMessage
        public void text(String text) {
            throw new IllegalStateException("first");
        }

        @OnError
        public void error(Throwable failure) {
            throw new Thrown();
        }
    }

    @ServerEndpoint("/fails/opening")
    public static class Opening {
        @OnOpen
        public void open(Session session) {
            IDS.add(session.getId());
            throw new Thrown();
        }

        @OnMessage
        public void text(String text) {}
    }

    @ServerEndpoint("/fails/closing")
    public static class Closing {
        @OnOpen
        public void open(Session session) {
            IDS.add(session.getId());
        }

        @OnClose
        public void close() {
            throw new Thrown();
        }
    }

    @ServerEndpoint("/fails/unmade")
    public static class Unmade {
        public Unmade() {
            throw new Thrown();
        }

        @OnOpen
        public void open() {}
    }

    /** Tyrus would find it out with the first message. */
    @ServerEndpoint("/fails/unmade-quietly")
    public static class UnmadeQuietly {
        public UnmadeQuietly() {
            throw new Thrown();
        }

        @OnMessage
        public void text(String text) {}
    }

    @ServerEndpoint(value = "/fails/unmakeable", configurator = Unmakeable.Maker.class)
    public static class Unmakeable {
        @OnMessage
        public void text(String text) {}

        public static class Maker extends ServerEndpointConfig.Configurator {
            @Override
            public <T> T getEndpointInstance(Class<T> type) {
                throw new Thrown();
            }
        }
    }

    public record Order(String text) {}

    @ServerEndpoint(
            value = "/fails/decoding",
            decoders = Decoding.OrderDecoder.class,
            encoders = Decoding.OrderEncoder.class)
    public static class Decoding {
        @OnOpen
        public void open(Session session) {
            IDS.add(session.getId());
        }

        @OnMessage
        public Order order(Order order) {
            return order;
        }

        public static class OrderDecoder implements Decoder.Text<Order> {
            @Override
            public Order decode(String text) throws DecodeException {
                if (text.equals("decode")) {
                    throw new DecodeException(text, WHY);
                }
                return new Order(text);
            }

            @Override
            public boolean willDecode(String text) {
                return !text.equals("not mine");
            }
        }

        public static class OrderEncoder implements Encoder.Text<Order> {
            @Override
            public String encode(Order order) throws EncodeException {
                if (order.text().equals("encode")) {
                    throw new EncodeException(order, WHY);
                }
                return order.text();
            }
        }
    }

    @ServerEndpoint("/fails/streaming")
    public static class Streaming {
        @OnOpen
        public void open(Session session) {
            IDS.add(session.getId());
        }

        @OnMessage
        public void read(Reader reader) {
            throw new Thrown();
        }

        @OnMessage
        public String bytes(byte[] bytes) {
            return "bytes";
        }
    }

    @ServerEndpoint(value = "/fails/configured", subprotocols = "x", configurator = Configured.Failing.class)
    public static class Configured {
        private static volatile String failing = "";

        @OnMessage
        public String text(String text) {
            return text;
        }

        public static class Failing extends ServerEndpointConfig.Configurator {
            private static void fail(String method) {
                if (failing.equals(method)) {
                    throw new Thrown();
                }
                if (failing.equals("error in " + method)) {
                    throw new NoClassDefFoundError(WHY);
                }
            }

            @Override
            public boolean checkOrigin(String origin) {
                fail("checkOrigin");
                return true;
            }

            @Override
            public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
                fail("getNegotiatedSubprotocol");
                return "";
            }

            @Override
            public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
                fail("getNegotiatedExtensions");
                return List.of();
            }

            @Override
            public void modifyHandshake(
                    ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
                fail("modifyHandshake");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"throw", "error"})
    void a_method_of_an_endpoint_that_handles_no_errors(String message) throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/fails/messages"));
        client.send(message);
        client.send("goes on");

        assertThat(client.next()).isEqualTo("goes on");
        assertOneWarning(Messages.class, IDS.remove(), WHY);
    }

    @Test
    void what_an_endpoint_handles_is_no_warning() throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/fails/handled/7"));
        client.send("x");

        assertThat(client.next()).isEqualTo("7 " + WHY);
        assertThat(LOGGED).isEmpty();
    }

    @Test
    void a_method_for_errors_that_throws_itself() throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/fails/handled-wrongly"));
        client.send("x");
        await().until(() -> !LOGGED.isEmpty());

        LogRecord log = assertOneWarning(HandledWrongly.class, IDS.remove(), WHY);
        assertThat(log.getThrown().getSuppressed())
                .singleElement()
                .satisfies(first -> assertThat(first).hasMessage("first"));
    }

    @Test
    void a_session_whose_opening_fails_ends() throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/fails/opening"));

        assertThat(client.closed.get(20, TimeUnit.SECONDS)).isEqualTo("1011 internal; reconnect");
        assertOneWarning(Opening.class, IDS.remove(), WHY);
    }

    @Test
    void a_method_that_hears_of_the_end() throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/fails/closing"));
        client.socket
                .sendClose(CloseReason.CloseCodes.NORMAL_CLOSURE.getCode(), "")
                .get();
        await().until(() -> !LOGGED.isEmpty());

        assertOneWarning(Closing.class, IDS.remove(), WHY);
    }

    @ParameterizedTest
    @CsvSource({"/fails/unmade, Unmade", "/fails/unmade-quietly, UnmadeQuietly", "/fails/unmakeable, Unmakeable"})
    void an_endpoint_that_cannot_be_made(String path, String type) throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket(path));

        assertThat(client.closed.get(20, TimeUnit.SECONDS)).isEqualTo("1011 internal; reconnect");
        LogRecord log = assertOneWarning(Class.forName(EndpointFailuresTest.class.getName() + "$" + type), "", null);
        assertThat(log.getThrown()).hasStackTraceContaining(WHY);
    }

    @ParameterizedTest
    @CsvSource({"decode, for a test", "not mine, No Decoder takes this message", "encode, for a test"})
    void a_message_that_cannot_be_decoded_or_answered(String message, String why) throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/fails/decoding"));
        client.send(message);
        client.send("goes on");

        assertThat(client.next()).isEqualTo("goes on");
        assertOneWarning(Decoding.class, IDS.remove(), why);
    }

    @Test
    void a_method_that_reads_a_message_as_it_comes() throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/fails/streaming"));
        client.socket.sendText("x", false).get();
        client.socket.sendText("y", true).get();
        client.socket.sendBinary(ByteBuffer.allocate(1), true).get();

        assertThat(client.next()).isEqualTo("bytes");
        assertOneWarning(Streaming.class, IDS.remove(), WHY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "checkOrigin",
                "getNegotiatedSubprotocol",
                "getNegotiatedExtensions",
                "modifyHandshake",
                "error in modifyHandshake"
            })
    void a_configurator_is_not_the_clients_fault(String method) throws Exception {
        Configured.failing = method;
        try (RawSocket socket = RawSocket.open(server.port())) {
            String header =
                    socket.handshake("/fails/configured", "Sec-WebSocket-Protocol: x", "Origin: http://localhost");

            assertThat(header).startsWith("HTTP/1.1 500 ");
            assertThat(socket.readBody(header)).contains("The endpoint has failed");
        } finally {
            Configured.failing = "";
        }
        assertOneWarning(Configured.class, "Configurator", WHY);
    }

    private static LogRecord assertOneWarning(Class<?> endpoint, String session, String why) {
        assertThat(LOGGED).hasSize(1);
        LogRecord log = LOGGED.remove();
        assertThat(log.getLevel()).isEqualTo(Level.WARNING);
        assertThat(log.getMessage()).contains(endpoint.getName()).contains(session);
        if (why != null) {
            assertThat(log.getThrown()).hasMessage(why);
        }
        return log;
    }
}
