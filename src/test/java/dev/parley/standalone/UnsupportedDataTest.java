package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.endpoint.ChannelSessions;
import dev.parley.endpoint.ParleyConfigurator;
import dev.parley.testing.CapturedLogs;
import jakarta.inject.Inject;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerApplicationConfig;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A message of a kind that an endpoint does not take is its client's mistake (RFC 6455 section 7.4.1). */
@Timeout(60)
class UnsupportedDataTest {
    private static final Queue<String> TOLD = new ConcurrentLinkedQueue<>();

    private static StandaloneServer server;

    private CapturedLogs logs;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = StandaloneServer.start(
                StandaloneSettings.read(Map.of("parley.port", "0", "parley.data", folder.toString()), Optional.empty()),
                Texts.class,
                TextParts.class,
                Binaries.class,
                Silent.class,
                Joined.class,
                Programmed.class,
                Application.class);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void listen() {
        TOLD.clear();
        logs = new CapturedLogs();
    }

    @AfterEach
    void listenNoMore() {
        logs.close();
    }

    @ServerEndpoint("/kinds/texts")
    public static class Texts {
        @OnMessage
        public String text(String text) {
            return text;
        }

        @OnError
        public void error(Throwable failure) {
            TOLD.add("error " + failure);
        }

        @OnClose
        public void close(CloseReason reason) {
            TOLD.add("close " + reason.getCloseCode().getCode());
        }
    }

    @ServerEndpoint("/kinds/text-parts")
    public static class TextParts {
        @OnMessage
        public void part(String part, boolean last) {}
    }

    @ServerEndpoint("/kinds/bytes")
    public static class Binaries {
        @OnMessage
        public ByteBuffer bytes(ByteBuffer bytes) {
            return bytes;
        }
    }

    @ServerEndpoint("/kinds/none")
    public static class Silent {
        @OnOpen
        public void open() {}
    }

    @ServerEndpoint(value = "/kinds/joined", configurator = ParleyConfigurator.class)
    public static class Joined {
        @Inject
        ChannelSessions sessions;

        @OnOpen
        public void open(Session session) {
            sessions.join(session, "kinds.any", String.class);
        }

        @OnMessage
        public void say(String text) {}

        @OnError
        public void failed(Session session, Throwable failure) {
            sessions.refuse(session, failure);
        }

        @OnClose
        public void close(Session session) {
            sessions.leave(session);
        }
    }

    public static class Programmed extends Endpoint {
        @Override
        public void onOpen(Session session, EndpointConfig config) {
            session.addMessageHandler(String.class, text -> {});
        }

        @Override
        public void onError(Session session, Throwable failure) {
            TOLD.add("error " + failure);
        }
    }

    public static class Application implements ServerApplicationConfig {
        @Override
        public Set<ServerEndpointConfig> getEndpointConfigs(Set<Class<? extends Endpoint>> scanned) {
            return Set.of(ServerEndpointConfig.Builder.create(Programmed.class, "/kinds/programmed")
                    .build());
        }

        @Override
        public Set<Class<?>> getAnnotatedEndpointClasses(Set<Class<?>> scanned) {
            return scanned;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/kinds/texts, bytes",
        "/kinds/text-parts, bytes",
        "/kinds/bytes, text",
        "/kinds/none, text",
        "/kinds/none, bytes",
        "/kinds/joined, bytes",
        "/kinds/programmed, bytes"
    })
    void it_ends_the_session_and_is_no_failure_of_the_endpoint(String path, String kind) throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket(path));
        if (kind.equals("text")) {
            client.send("x");
        } else {
            client.socket.sendBinary(ByteBuffer.allocate(1), true).join();
        }

        assertThat(client.closed.get(20, TimeUnit.SECONDS)).isEqualTo("1003 unsupported-data; do not reconnect");
        assertThat(client.hasSome()).isFalse();
        assertThat(TOLD).noneMatch(told -> told.startsWith("error"));
        assertThat(logs.shown()).noneMatch(line -> line.contains("has failed") || line.contains("Exception"));
    }

    @Test
    void the_endpoint_hears_of_it_as_of_the_end() {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/kinds/texts"));
        client.socket.sendBinary(ByteBuffer.allocate(1), true).join();

        await().untilAsserted(() -> assertThat(TOLD).containsExactly("close 1003"));
    }

    @Test
    void pings_and_pongs_are_of_no_kind() throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/kinds/texts"));
        client.socket.sendPong(ByteBuffer.allocate(1)).join();
        client.socket.sendPing(ByteBuffer.wrap(new byte[] {7})).join();
        assertThat(client.next()).isEqualTo("pong 7");
        client.send("goes on");
        assertThat(client.next()).isEqualTo("goes on");
    }
}
