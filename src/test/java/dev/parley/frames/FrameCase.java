package dev.parley.frames;

import dev.parley.standalone.RawSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One case of the table {@code rfc6455.txt}: what a client sends on {@code /echo}, and what it should be answered. */
public final class FrameCase {
    /** In place of an answer: the server waits for more. */
    public static final String WAITS = "waits";

    /** In place of an answer: the server has cut the connection without a farewell. */
    public static final String CUTS = "cuts";

    private static final int PATIENCE_MILLISECONDS = 15_000;

    /** After so long without an answer it is taken that the server waits. */
    private static final int SILENCE_MILLISECONDS = 1_500;

    /** Before an answer that may be missing. */
    private static final String OPTIONAL = "maybe-";

    private static final Pattern FRAME = Pattern.compile(
            "(?<first>[0-9A-F]{2})(?<form>unmasked|len16|len64|declares\\((?<declared>-?\\d+)\\))?:(?<payload>.*)");
    private static final Pattern PIECE =
            Pattern.compile("(\\\\x(?<octet>[0-9a-f]{2})|(?<char>.))(\\{(?<times>\\d+)})?");
    private static final Pattern CODE = Pattern.compile("(\\d{4})(.*)");
    private static final String FAREWELL = "88:1000";
    private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

    private final List<String> sent;
    private final List<String> answered;
    private final boolean saysFarewell;

    private FrameCase(List<String> sent, List<String> answered) {
        this.sent = sent;
        this.saysFarewell = answered.stream().noneMatch(frame -> frame.startsWith("88:"));
        this.answered = new ArrayList<>(answered);
        if (saysFarewell) {
            this.answered.add(FAREWELL);
        }
    }

    /** Where the table says no farewell, one is sent and expected back. */
    public static FrameCase of(String sent, String answered) {
        return new FrameCase(frames(sent), frames(answered));
    }

    /** In a form that {@link #answers} gives too. */
    public List<String> expected() {
        return answered.stream().map(FrameCase::plain).toList();
    }

    /** What a column of the table says that a container answers; what may be missing stands in {@link #OPTIONAL}. */
    public static boolean isAnswered(List<String> answers, String column) {
        List<String> left = new ArrayList<>(answers);
        for (String frame : frames(column)) {
            boolean optional = frame.startsWith(OPTIONAL);
            String wanted = plain(optional ? frame.substring(OPTIONAL.length()) : frame);
            if (!left.isEmpty() && left.get(0).equals(wanted)) {
                left.remove(0);
            } else if (!optional) {
                return false;
            }
        }
        return left.isEmpty();
    }

    public int size() {
        return bytes(saysFarewell).length;
    }

    /** What is sent behind a close meets a connection that has ended, and what it answers may be lost. */
    public boolean goesOnBehindAClose() {
        return sent.stream()
                .limit(saysFarewell ? sent.size() : sent.size() - 1L)
                .anyMatch(frame -> frame.charAt(1) == '8');
    }

    /** Sends all of it, with its farewell, on a connection that has become a WebSocket, so many octets at once. */
    public List<String> answers(RawSocket socket, int atOnce) throws IOException {
        byte[] bytes = bytes(saysFarewell);
        for (int from = 0; from < bytes.length; from += Math.min(atOnce, bytes.length - from)) {
            socket.send(Arrays.copyOfRange(bytes, from, from + Math.min(atOnce, bytes.length - from)));
        }
        return read(socket, Integer.MAX_VALUE, new ArrayList<>(), -1);
    }

    /**
     * Sends its farewell only when all was answered: not every container answers what came before one.
     *
     * @param column what the container answers; there is patience but for its {@link #WAITS}
     */
    public List<String> answersInTurn(RawSocket socket, String column) throws IOException {
        int silentAfter = frames(column).indexOf(WAITS);
        socket.send(bytes(false));
        List<String> answers = new ArrayList<>();
        if (saysFarewell) {
            read(socket, answered.size() - 1, answers, silentAfter);
            if (answers.size() < answered.size() - 1 || answers.contains(WAITS)) {
                return answers;
            }
            socket.send(encode(FAREWELL));
        }
        return read(socket, Integer.MAX_VALUE, answers, silentAfter);
    }

    private byte[] bytes(boolean withFarewell) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        sent.forEach(frame -> out.writeBytes(encode(frame)));
        if (withFarewell) {
            out.writeBytes(encode(FAREWELL));
        }
        return out.toByteArray();
    }

    /**
     * Reads so many answers, or to the connection's end, as a client that answers a close; in the middle of a frame it
     * cannot, and ends its side of the connection.
     */
    private List<String> read(RawSocket socket, int most, List<String> answers, int silentAfter) throws IOException {
        if (answers.size() >= most) {
            return answers;
        }
        boolean inTheMiddle = !sent.isEmpty() && sent.get(sent.size() - 1).contains("declares");
        try {
            byte[] header = header(socket, answers.size() == silentAfter);
            while (header.length == 2) {
                String frame = frame(socket, header[0] & 0xff, header[1] & 0xff);
                answers.add(frame);
                if (answers.size() == most) {
                    return answers;
                }
                if (frame.startsWith("88:") && inTheMiddle) {
                    socket.halfClose();
                } else if (frame.startsWith("88:")) {
                    sayFarewell(socket);
                }
                header = header(socket, answers.size() == silentAfter);
            }
        } catch (SocketTimeoutException e) {
            answers.add(WAITS);
            return answers;
        } catch (SocketException e) {
            // The server has ended the connection and something was on the way to it
        }
        if (answers.stream().noneMatch(frame -> frame.startsWith("88:"))) {
            answers.add(CUTS);
        }
        return answers;
    }

    private static byte[] header(RawSocket socket, boolean silent) throws IOException {
        return socket.patience(silent ? SILENCE_MILLISECONDS : PATIENCE_MILLISECONDS)
                .read(2);
    }

    private static void sayFarewell(RawSocket socket) {
        try {
            socket.send(encode(FAREWELL));
        } catch (IOException e) {
            // The server has heard it before, and ended the connection
        }
    }

    private static String frame(RawSocket socket, int first, int second) throws IOException {
        if ((second & 0x80) != 0) {
            throw new AssertionError("What a server sends is masked");
        }
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
        if (frame.equals(WAITS) || frame.equals(CUTS)) {
            return frame;
        }
        Matcher parts = parts(frame);
        int first = Integer.parseInt(parts.group("first"), 16);
        return plain(first, payload(first, parts.group("payload")));
    }

    private static List<String> frames(String text) {
        return text == null ? List.of() : List.of(text.strip().split(" +"));
    }

    private static Matcher parts(String frame) {
        Matcher parts = FRAME.matcher(frame);
        if (!parts.matches()) {
            throw new AssertionError("No frame: " + frame);
        }
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
