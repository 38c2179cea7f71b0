package dev.parley.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.parley.standalone.RawSocket;
import dev.parley.standalone.StandaloneServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code permessage-deflate} where the setting allows it. */
@Timeout(60)
class CompressionTest {
    private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate";
    private static final int TEXT = 0xc1;
    private static final int MOST = 100_000;

    private static StandaloneServer server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = start(folder, "true");
    }

    private static StandaloneServer start(Path folder, String compression) {
        return StandaloneServer.start(Map.of(
                "parley.port",
                "0",
                "parley.data",
                folder.toString(),
                "parley.limits.message-size",
                Integer.toString(MOST),
                "parley.limits.inline-size",
                "1000",
                "parley.compression",
                compression));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            permessage-deflate                                                   | true
            permessage-deflate; client_max_window_bits                           | true
            permessage-deflate; server_no_context_takeover; client_max_window_bits=10 | true
            permessage-deflate; server_max_window_bits=15                        | true
            permessage-deflate; server_max_window_bits=10                        | false
            permessage-deflate; server_max_window_bits=10, permessage-deflate    | true
            permessage-deflate; what=ever                                        | false
            permessage-deflate; client_max_window_bits; client_max_window_bits   | false
            x-webkit-deflate-frame                                               | false
            """)
    void anOfferIsTakenWhenItCanBeKept(String offer, boolean taken) throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            String answer = socket.handshake("/echo", "Sec-WebSocket-Extensions: " + offer);

            assertThat(answer).startsWith("HTTP/1.1 101 ");
            if (taken) {
                String window = offer.contains("=15") ? "; server_max_window_bits=15" : "";
                assertThat(answer).contains("\r\nSec-WebSocket-Extensions: " + Deflate.ANSWER + window + "\r\n");
            } else {
                assertThat(answer).doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
            }
        }
    }

    @Test
    void what_is_no_list_of_offers_refuses_the_handshake() throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            assertThat(socket.handshake("/echo", OFFER + "; client_max_window_bits="))
                    .startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void unless_the_setting_allows_it_nothing_is_taken(@TempDir Path folder) throws IOException {
        try (StandaloneServer usual = start(folder, "false");
                RawSocket socket = RawSocket.open(usual.port())) {
            assertThat(socket.handshake("/echo", OFFER)).doesNotContain("Extensions");
            socket.send(RawSocket.frame(TEXT, deflated("a")));
            assertThat(closeCode(socket)).isEqualTo(1002);
        }
    }

    @Test
    void a_compressed_message_comes_back_compressed_also_from_fragments_and_a_small_one_as_it_is() throws Exception {
        String text = "the same again, ü; ".repeat(1_000);
        byte[] message = deflated(text);
        try (RawSocket socket = RawSocket.open(server.port())) {
            socket.handshake("/echo", OFFER);
            socket.send(RawSocket.frame(TEXT, message));
            assertThat(text(socket)).isEqualTo(text);

            socket.send(RawSocket.frame(0x41, Arrays.copyOf(message, 10)));
            socket.send(RawSocket.frame(0x80, Arrays.copyOfRange(message, 10, message.length)));
            assertThat(text(socket)).isEqualTo(text);

            socket.send(RawSocket.frame(TEXT, deflated("small")));
            assertThat(socket.read(7)).isEqualTo(new byte[] {(byte) 0x81, 5, 's', 'm', 'a', 'l', 'l'});

            // Behind a compressed one, fragments that are not
            socket.send(RawSocket.frame(0x01, new byte[] {'a'})).send(RawSocket.frame(0x80, new byte[] {'b'}));
            assertThat(socket.read(4)).isEqualTo(new byte[] {(byte) 0x81, 2, 'a', 'b'});
        }
    }

    @Test
    void a_message_of_the_limit_is_taken_and_one_that_inflates_beyond_it_closes1009() throws Exception {
        try (RawSocket socket = RawSocket.open(server.port())) {
            socket.handshake("/echo", OFFER);
            socket.send(RawSocket.frame(TEXT, deflated("x".repeat(MOST))));
            assertThat(text(socket)).hasSize(MOST);

            socket.send(RawSocket.frame(TEXT, deflated("x".repeat(MOST + 1))));
            assertThat(closeCode(socket)).isEqualTo(1009);
        }
    }

    @Test
    void a_bomb_is_not_inflated_beyond_the_limit() throws IOException {
        byte[] bomb = deflated("\0".repeat(50_000_000));
        assertThat(bomb.length).isLessThan(MOST);
        // The echo would refuse what is too large too, but only once it is there
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> Deflate.inflated(bomb, MOST)).isInstanceOf(Deflate.TooLargeException.class);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(20L * MOST);
        try (RawSocket socket = RawSocket.open(server.port())) {
            socket.handshake("/echo", OFFER);
            socket.send(RawSocket.frame(0xc2, bomb));
            assertThat(closeCode(socket)).isEqualTo(1009);
        }
    }

    @ParameterizedTest
    @CsvSource({"not UTF-8, 1007", "not deflate, 1007", "a control frame, 1002", "a continuation, 1002"})
    void what_is_not_so_is_refused(String what, int code) throws IOException {
        byte[] bad = {(byte) 0xff};
        byte[] letter = {'a'};
        try (RawSocket socket = RawSocket.open(server.port())) {
            socket.handshake("/echo", OFFER);
            switch (what) {
                case "not UTF-8" -> socket.send(RawSocket.frame(TEXT, deflated(bad)));
                case "not deflate" -> socket.send(RawSocket.frame(TEXT, new byte[] {(byte) 0xff, 1, 2, 3}));
                case "a control frame" -> socket.send(RawSocket.frame(0xc9, letter));
                default -> socket.send(RawSocket.frame(0x01, letter)).send(RawSocket.frame(0xc0, letter));
            }
            assertThat(closeCode(socket)).isEqualTo(code);
        }
    }

    private static int closeCode(RawSocket socket) throws IOException {
        assertThat(socket.read(1)).isEqualTo(new byte[] {(byte) 0x88});
        socket.read(1);
        return ByteBuffer.wrap(socket.read(2)).getShort();
    }

    /** Of a compressed frame. */
    private static String text(RawSocket socket) throws Exception {
        byte[] header = socket.read(2);
        assertThat(header[0]).isEqualTo((byte) TEXT);
        int length = header[1] == 126 ? ByteBuffer.wrap(socket.read(2)).getShort() & 0xffff : header[1];
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        compressed.writeBytes(socket.read(length));
        compressed.writeBytes(new byte[] {0, 0, (byte) 0xff, (byte) 0xff});
        Inflater inflater = new Inflater(true);
        inflater.setInput(compressed.toByteArray());
        byte[] text = new byte[2 * MOST];
        return new String(text, 0, inflater.inflate(text), StandardCharsets.UTF_8);
    }

    private static byte[] deflated(String text) {
        return deflated(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] deflated(byte[] bytes) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(bytes);
        byte[] deflated = new byte[bytes.length + 1_000];
        int length = deflater.deflate(deflated, 0, deflated.length, Deflater.SYNC_FLUSH);
        return Arrays.copyOf(deflated, length - 4);
    }
}
