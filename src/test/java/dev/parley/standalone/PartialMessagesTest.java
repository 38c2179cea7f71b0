package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.websocket.MessageHandler;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.Writer;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that an endpoint takes in parts, or reads as they come (Jakarta WebSocket 2.1, {@code OnMessage}). */
@Timeout(120)
class PartialMessagesTest {
    private static final int PIECE = 500 * 1024;
    private static final int PIECES = 16;
    private static final String SMILE = "\ud83d\ude00";
    private static final BlockingQueue<String> TOLD = new LinkedBlockingQueue<>();
    private static final CountDownLatch READ = new CountDownLatch(1);
    private static final CountDownLatch OPEN = new CountDownLatch(1);

    private static StandaloneServer server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = StandaloneServer.start(
                StandaloneSettings.read(
                        Map.of(
                                "parley.port",
                                "0",
                                "parley.data",
                                folder.toString(),
                                "parley.limits.body-timeout",
                                "1s"),
                        Optional.empty()),
                TextParts.class,
                ByteParts.class,
                BufferParts.class,
                HandlerParts.class,
                LateParts.class,
                Text.class,
                Bytes.class,
                Waiting.class,
                Ending.class,
                Small.class,
                Whole.class,
                SendingParts.class,
                SendingWriter.class);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Adds up what comes. */
    private static final class Sum {
        private final CRC32 crc = new CRC32();
        private long count;
        private int parts;
        private int largest;

        void add(byte[] bytes) {
            crc.update(bytes);
            count += bytes.length;
            parts++;
            largest = Math.max(largest, bytes.length);
        }

        /** Whether it came in parts, none of them large. */
        String told() {
            String told = count + " " + crc.getValue() + " " + (parts > 1 && largest <= PIECE);
            crc.reset();
            count = 0;
            parts = 0;
            largest = 0;
            return told;
        }
    }

    @ServerEndpoint("/parts/text")
    public static class TextParts {
        private final Sum sum = new Sum();

        @OnMessage(maxMessageSize = 100)
        public String part(String part, boolean last) {
            sum.add(part.getBytes(StandardCharsets.UTF_8));
            return last ? sum.told() : null;
        }
    }

    @ServerEndpoint("/parts/bytes")
    public static class ByteParts {
        private final Sum sum = new Sum();

        @OnMessage
        public String part(byte[] part, boolean last) {
            sum.add(part);
            return last ? sum.told() : null;
        }
    }

    @ServerEndpoint("/parts/buffer")
    public static class BufferParts {
        private final Sum sum = new Sum();

        @OnMessage
        public String part(boolean last, ByteBuffer part) {
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            sum.add(bytes);
            return last ? sum.told() : null;
        }
    }

    @ServerEndpoint("/parts/handler")
    public static class HandlerParts {
        private final Sum sum = new Sum();

        @OnOpen
        public void open(Session session) {
            session.addMessageHandler(String.class, (MessageHandler.Partial<String>) (part, last) -> {
                sum.add(part.getBytes(StandardCharsets.UTF_8));
                if (last) {
                    session.getAsyncRemote().sendText(sum.told(), sent -> {});
                }
            });
        }
    }

    /** What it takes, and how, is known when it has been opened. */
    @ServerEndpoint("/parts/late")
    public static class LateParts {
        @OnOpen
        public void open(Session session) throws InterruptedException {
            boolean waited = OPEN.await(60, TimeUnit.SECONDS);
            new HandlerParts().open(session);
            TOLD.add("open " + waited);
        }
    }

    @ServerEndpoint("/stream/text")
    public static class Text {
        @OnMessage
        public String read(Reader reader) throws IOException {
            Sum sum = new Sum();
            char[] some = new char[10_000];
            int count = reader.read(some);
            while (count >= 0) {
                sum.add(new String(some, 0, count).getBytes(StandardCharsets.ISO_8859_1));
                count = reader.read(some);
            }
            return sum.told();
        }
    }

    @ServerEndpoint("/stream/bytes")
    public static class Bytes {
        @OnMessage
        public String read(InputStream stream) throws IOException {
            Sum sum = new Sum();
            byte[] some = new byte[10_000];
            int count = stream.readNBytes(some, 0, some.length);
            while (count > 0) {
                sum.add(Arrays.copyOf(some, count));
                count = stream.readNBytes(some, 0, some.length);
            }
            return sum.told();
        }
    }

    /** Reads nothing before it is told to; what comes behind it must wait. */
    @ServerEndpoint("/stream/waiting")
    public static class Waiting {
        @OnMessage
        public String read(Reader reader) throws Exception {
            int first = reader.read();
            boolean waited = READ.await(60, TimeUnit.SECONDS);
            long count = 1 + reader.skip(Long.MAX_VALUE);
            TOLD.add("read " + (char) first + " " + count + " " + waited);
            return "read";
        }

        @OnMessage
        public void bytes(byte[] bytes) {
            TOLD.add("bytes");
        }
    }

    @ServerEndpoint("/stream/ending")
    public static class Ending {
        @OnMessage
        public void read(Reader reader) {
            try {
                TOLD.add("first " + (char) reader.read());
                long skipped = reader.skip(Long.MAX_VALUE);
                TOLD.add("skipped " + skipped);
            } catch (IOException e) {
                TOLD.add("cut");
            }
        }

        @OnClose
        public void close() {
            TOLD.add("closed");
        }
    }

    @ServerEndpoint("/small")
    public static class Small {
        @OnOpen
        public void open(Session session) {
            session.setMaxTextMessageBufferSize(10);
            session.setMaxBinaryMessageBufferSize(20);
        }

        @OnMessage
        public String text(String text) {
            return text;
        }

        @OnMessage
        public byte[] bytes(byte[] bytes) {
            return bytes;
        }
    }

    @ServerEndpoint("/whole")
    public static class Whole {
        @OnMessage
        public String text(String text) {
            return text;
        }
    }

    @ServerEndpoint("/sending/parts")
    public static class SendingParts {
        @OnMessage
        public void text(Session session, String text) throws IOException {
            session.getBasicRemote().sendText("a" + text.charAt(0), false);
            session.getBasicRemote().sendText(text.charAt(1) + "b", false);
            session.getBasicRemote().sendText("", true);
            session.getBasicRemote().sendText(text.substring(1));
        }
    }

    @ServerEndpoint("/sending/writer")
    public static class SendingWriter {
        @OnMessage
        public void text(Session session, String text) throws IOException {
            try (Writer writer = session.getBasicRemote().getSendWriter()) {
                for (int i = 0; i < text.length(); i++) {
                    writer.write(text.charAt(i));
                }
                writer.flush();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/parts/text", "/parts/handler", "/stream/text"})
    void a_text_larger_than_any_whole_message_comes_in_parts(String path) throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket(path));
        String piece = random();
        Sum sum = new Sum();
        for (int i = 1; i <= PIECES; i++) {
            client.socket.sendText(piece, i == PIECES).get();
            sum.add(piece.getBytes(StandardCharsets.US_ASCII));
        }

        assertThat(client.next()).isEqualTo(sum.told());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/parts/bytes", "/parts/buffer", "/stream/bytes"})
    void bytes_more_than_any_whole_message_has_come_in_parts(String path) throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket(path));
        byte[] piece = random().getBytes(StandardCharsets.US_ASCII);
        Sum sum = new Sum();
        for (int i = 1; i <= PIECES; i++) {
            client.socket.sendBinary(ByteBuffer.wrap(piece), i == PIECES).get();
            sum.add(piece);
        }

        assertThat(client.next()).isEqualTo(sum.told());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/parts/text", "/parts/bytes", "/parts/buffer", "/parts/handler", "/stream/text", "/stream/bytes"
            })
    void one_frame_larger_than_any_whole_message_comes_in_parts_too(String path) throws Exception {
        byte[] bytes = random().repeat(PIECES).getBytes(StandardCharsets.US_ASCII);
        int first = path.contains("text") || path.contains("handler") ? 0x81 : 0x82;
        try (RawSocket socket = RawSocket.open(server.port())) {
            assertThat(socket.handshake(path)).startsWith("HTTP/1.1 101 ");
            socket.send(RawSocket.frame(first, bytes));

            CRC32 crc = new CRC32();
            crc.update(bytes);
            assertThat(text(socket)).isEqualTo(bytes.length + " " + crc.getValue() + " true");
        }
    }

    @Test
    void who_sends_nothing_between_two_parts_may_take_its_time() throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/parts/text"));
        client.socket.sendText("a", false).get();
        TimeUnit.SECONDS.sleep(3); // beyond parley.limits.body-timeout: that nothing happens cannot be awaited
        client.socket.sendText("b", true).get();

        assertThat((String) client.next()).startsWith("2 ");
    }

    @Test
    void what_comes_before_a_session_is_open_is_taken_as_its_handlers_say() throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/parts/late"));
        Sum sum = new Sum();
        for (String part : List.of("a", "b", "c")) {
            client.socket.sendText(part, part.equals("c")).get();
            sum.add(part.getBytes(StandardCharsets.US_ASCII));
        }
        OPEN.countDown();

        assertThat(TOLD.poll(60, TimeUnit.SECONDS)).isEqualTo("open true");
        assertThat(client.next()).isEqualTo(sum.told());
    }

    @Test
    void what_a_handler_does_not_read_is_not_read_from_its_client_and_what_follows_waits() throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/stream/waiting"));
        WebSocket socket = client.socket;
        String piece = random();
        socket.sendText(piece, false).get();
        READ.countDown();
        for (int i = 1; i < PIECES; i++) {
            socket.sendText(piece, false).get();
        }
        socket.sendText("end", true).get();
        socket.sendBinary(ByteBuffer.allocate(1), true).get();

        assertThat(TOLD.poll(60, TimeUnit.SECONDS))
                .isEqualTo("read " + piece.charAt(0) + " " + (PIECES * PIECE + 3) + " true");
        assertThat(TOLD.poll(60, TimeUnit.SECONDS)).isEqualTo("bytes");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_stream_whose_client_goes_ends_before_its_session(boolean saysFarewell) throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/stream/ending"));
        client.socket.sendText("x", false).get();
        assertThat(TOLD.poll(60, TimeUnit.SECONDS)).isEqualTo("first x");
        if (saysFarewell) {
            client.socket.sendClose(1000, "").get();
        } else {
            client.socket.abort();
        }

        assertThat(TOLD.poll(60, TimeUnit.SECONDS)).isEqualTo("cut");
        assertThat(TOLD.poll(60, TimeUnit.SECONDS)).isEqualTo("closed");
    }

    @Test
    void what_a_session_takes_whole_has_the_size_that_it_says() throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/small"));
        client.send("üüüüüüüüüü");
        client.socket.sendBinary(ByteBuffer.allocate(20), true).get();
        assertThat(client.next()).isEqualTo("üüüüüüüüüü");
        assertThat(client.next()).isEqualTo(ByteBuffer.allocate(20));
        client.send("12345678901");
        assertThat(client.closed.get(60, TimeUnit.SECONDS)).startsWith("1009");

        client = new RecordingWebSocket(server.webSocket("/small"));
        client.socket.sendBinary(ByteBuffer.allocate(21), true).get();
        assertThat(client.closed.get(60, TimeUnit.SECONDS)).startsWith("1009");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void a_text_that_is_cut_within_a_character_arrives_whole(int cut) throws Exception {
        byte[] bytes = ("a" + SMILE).getBytes(StandardCharsets.UTF_8);
        CRC32 crc = new CRC32();
        crc.update(bytes);
        for (String path : new String[] {"/parts/text", "/parts/handler", "/whole"}) {
            try (RawSocket socket = RawSocket.open(server.port())) {
                assertThat(socket.handshake(path)).startsWith("HTTP/1.1 101 ");
                socket.send(RawSocket.frame(0x01, Arrays.copyOf(bytes, cut)));
                socket.send(RawSocket.frame(0x80, Arrays.copyOfRange(bytes, cut, bytes.length)));

                String expected = path.equals("/whole") ? "a" + SMILE : "5 " + crc.getValue() + " true";
                assertThat(text(socket)).as(path).isEqualTo(expected);
            }
        }
    }

    @Test
    void a_text_that_is_sent_with_a_cut_within_a_pair_arrives_whole() throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/sending/parts"));
        client.send(SMILE);
        assertThat(client.next()).isEqualTo("a" + SMILE + "b");
        assertThat(client.next()).isEqualTo("\ufffd"); // half a pair is no character

        client = new RecordingWebSocket(server.webSocket("/sending/writer"));
        client.send("ab" + SMILE + "c");
        assertThat(client.next()).isEqualTo("ab" + SMILE + "c");
    }

    private static String text(RawSocket socket) throws IOException {
        byte[] header = socket.read(2);
        return new String(socket.read(header[1]), StandardCharsets.UTF_8);
    }

    private static String random() {
        StringBuilder text = new StringBuilder(PIECE);
        new Random(7).ints(PIECE, 'a', 'z' + 1).forEach(c -> text.append((char) c));
        return text.toString();
    }
}
