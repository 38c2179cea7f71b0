package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** The rules of WebSocket for frames, fragments, texts and farewells, as the table {@code rfc6455.txt} has them. */
@Timeout(60)
class Rfc6455Test {
    private static final Pattern FRAME = Pattern.compile(
            "(?<first>[0-9A-F]{2})(?<form>unmasked|len16|len64|declares\\((?<declared>-?\\d+)\\))?:(?<payload>.*)");
    private static final Pattern PIECE =
            Pattern.compile("(\\\\x(?<octet>[0-9a-f]{2})|(?<char>.))(\\{(?<times>\\d+)})?");
    private static final Pattern CODE = Pattern.compile("(\\d{4})(.*)");
    private static final String FAREWELL = "88:1000";
    private static final int MOST_IN_OCTETS = 2_000;
    private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

    private static StandaloneServer server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = StandaloneServer.start(Map.of(
                "parley.port", "0",
                "parley.data", folder.toString(),
                "parley.limits.message-size", "100000",
                "parley.limits.inline-size", "1000",
                "parley.limits.fragments", "16"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvFileSource(resources = "rfc6455.txt", delimiter = '|', numLinesToSkip = 1, maxCharsPerColumn = 10_000)
    void a_client_is_answered_as_the_rfc_says(String section, String what, String sent, String answered)
            throws IOException {
        List<String> expected = new ArrayList<>(frames(answered));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String frame : frames(sent)) {
            bytes.writeBytes(encode(frame));
        }
        if (expected.stream().noneMatch(frame -> frame.startsWith("88:"))) {
            bytes.writeBytes(encode(FAREWELL));
            expected.add(FAREWELL);
        }
        List<String> wanted = expected.stream().map(Rfc6455Test::plain).toList();

        boolean inTheMiddle = sent.contains("declares");

        assertThat(answers(bytes.toByteArray(), Integer.MAX_VALUE, inTheMiddle)).isEqualTo(wanted);
        // What is sent behind a close meets a connection that has ended, and what it answers may be lost
        boolean goesOn = frames(sent).stream().limit(frames(sent).size() - 1).anyMatch(frame -> frame.charAt(1) == '8');
        if (bytes.size() <= MOST_IN_OCTETS && !goesOn) {
            assertThat(answers(bytes.toByteArray(), 1, inTheMiddle))
                    .as("an octet at a time")
                    .isEqualTo(wanted);
        }
    }

    /**
     * Reads to the end of the TCP connection, as a client that answers a close; in the middle of a frame it cannot, and ends
     * its side of the connection.
     */
    private static List<String> answers(byte[] sent, int atOnce, boolean inTheMiddle) throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            assertThat(socket.handshake("/echo")).startsWith("HTTP/1.1 101 ");
            for (int from = 0; from < sent.length; from += Math.min(atOnce, sent.length - from)) {
                socket.send(Arrays.copyOfRange(sent, from, from + Math.min(atOnce, sent.length - from)));
            }
            List<String> answers = new ArrayList<>();
            byte[] header = socket.read(2);
            while (header.length == 2) {
                String frame = frame(socket, header[0] & 0xff, header[1] & 0xff);
                answers.add(frame);
                if (frame.startsWith("88:") && inTheMiddle) {
                    socket.halfClose();
                } else if (frame.startsWith("88:")) {
                    sayFarewell(socket);
                }
                header = socket.read(2);
            }
            return answers;
        }
    }

    private static void sayFarewell(RawSocket socket) {
        try {
            socket.send(encode(FAREWELL));
        } catch (IOException e) {
            // The server has heard it before, and ended the connection
        }
    }

    private static String frame(RawSocket socket, int first, int second) throws IOException {
        assertThat(second & 0x80).as("what a server sends is not masked").isZero();
        long length = second;
        if (second == 126) {
            length = ByteBuffer.wrap(socket.read(2)).getShort() & 0xffff;
        } else if (second == 127) {
            length = ByteBuffer.wrap(socket.read(8)).getLong();
        }
        byte[] payload = socket.read((int) length);
        return plain(first, payload);
    }

    private static String plain(int first, byte[] payload) {
        String name = String.format(Locale.ROOT, "%02X:", first);
        return first == 0x88
                ? name + (payload.length < 2 ? "" : ByteBuffer.wrap(payload).getShort() & 0xffff)
                : name + new String(payload, StandardCharsets.ISO_8859_1);
    }

    private static String plain(String frame) {
        Matcher parts = parts(frame);
        int first = Integer.parseInt(parts.group("first"), 16);
        return plain(first, payload(first, parts.group("payload")));
    }

    private static List<String> frames(String text) {
        return text == null ? List.of() : List.of(text.strip().split(" +"));
    }

    private static Matcher parts(String frame) {
        Matcher parts = FRAME.matcher(frame);
        assertThat(parts.matches()).as(frame).isTrue();
        return parts;
    }

    /** As a client sends it. */
    private static byte[] encode(String frame) {
        Matcher parts = parts(frame);
        int first = Integer.parseInt(parts.group("first"), 16);
        byte[] payload = payload(first, parts.group("payload"));
        String form = String.valueOf(parts.group("form"));
        boolean masked = !form.equals("unmasked");
        long length = parts.group("declared") == null ? payload.length : Long.parseLong(parts.group("declared"));
        ByteBuffer bytes = ByteBuffer.allocate(14 + payload.length).put((byte) first);
        int maskBit = masked ? 0x80 : 0;
        if (form.equals("len64") || length < 0 || length > 0xffff) {
            bytes.put((byte) (maskBit | 127)).putLong(length);
        } else if (form.equals("len16") || length > 125) {
            bytes.put((byte) (maskBit | 126)).putShort((short) length);
        } else {
            bytes.put((byte) (maskBit | (int) length));
        }
        if (masked) {
            bytes.put(MASK);
        }
        for (int i = 0; i < payload.length; i++) {
            bytes.put((byte) (payload[i] ^ (masked ? MASK[i % MASK.length] : 0)));
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static byte[] payload(int first, String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String rest = text;
        Matcher code = CODE.matcher(text);
        if ((first & 0x0f) == 0x08 && code.matches()) {
            int number = Integer.parseInt(code.group(1));
            bytes.write(number >>> Byte.SIZE);
            bytes.write(number);
            rest = code.group(2);
        }
        for (Matcher piece = PIECE.matcher(rest); piece.find(); ) {
            int octet = piece.group("octet") == null
                    ? piece.group("char").charAt(0)
                    : Integer.parseInt(piece.group("octet"), 16);
            int times = piece.group("times") == null ? 1 : Integer.parseInt(piece.group("times"));
            for (int i = 0; i < times; i++) {
                bytes.write(octet);
            }
        }
        return bytes.toByteArray();
    }
}
