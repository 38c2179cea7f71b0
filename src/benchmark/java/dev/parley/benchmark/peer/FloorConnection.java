package dev.parley.benchmark.peer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.Locale;
import java.util.function.Consumer;

/** One WebSocket connection of the floor. */
final class FloorConnection {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String KEY = "sec-websocket-key:";
    private static final int LENGTH = 0x7f;
    private static final int SHORT_LENGTH = 126;
    private static final int MASK = 4;
    private static final byte[] NOTHING = {};
    private static final byte[] READY = {(byte) 0x81, 5, 'r', 'e', 'a', 'd', 'y'};

    /** One thread serves all connections. */
    private static final byte[] DATA = new byte[256 * 1024];

    private final SocketChannel channel;
    private final SelectionKey key;
    private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
    private String path = "";
    private byte[] rest = NOTHING;

    FloorConnection(SocketChannel channel, SelectionKey key) {
        this.channel = channel;
        this.key = key;
    }

    /** Reads once; false when the client is gone. */
    boolean read(Consumer<byte[]> publish, Consumer<FloorConnection> join) throws IOException {
        System.arraycopy(rest, 0, DATA, 0, rest.length);
        int count = channel.read(ByteBuffer.wrap(DATA, rest.length, DATA.length - rest.length));
        if (count < 0) {
            return false;
        }
        int end = rest.length + count;
        int used = path.isEmpty() ? upgrade(end, join) : 0;
        if (!path.isEmpty()) {
            ByteArrayOutputStream frames = new ByteArrayOutputStream(2 * end);
            used = frames(used, end, frames);
            if (frames.size() > 0 && path.equals("/publish")) {
                publish.accept(frames.toByteArray());
            } else if (frames.size() > 0) {
                write(frames.toByteArray());
            }
        }
        rest = used == end ? NOTHING : Arrays.copyOfRange(DATA, used, end);
        return true;
    }

    private int upgrade(int end, Consumer<FloorConnection> join) {
        String head = new String(DATA, 0, end, StandardCharsets.ISO_8859_1);
        int headEnd = head.indexOf("\r\n\r\n");
        if (headEnd < 0) {
            return 0;
        }
        path = head.split(" ", 3)[1];
        String given = head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(KEY))
                .map(line -> line.substring(KEY.length()).strip())
                .findFirst()
                .orElse("");
        write(("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: "
                        + accept(given) + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        if (path.equals("/room")) {
            join.accept(this);
            write(READY);
        }
        return headEnd + 4;
    }

    private static String accept(String key) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1")
                            .digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes whole frames as a server sends them; gives where the first begins that is not whole. */
    private static int frames(int from, int end, ByteArrayOutputStream out) {
        int at = from;
        while (end - at >= 2) {
            int length = DATA[at + 1] & LENGTH;
            int mask = at + 2;
            if (length == SHORT_LENGTH) {
                mask += 2;
                length = mask > end ? 0 : (DATA[at + 2] & 0xff) << 8 | (DATA[at + 3] & 0xff);
            }
            int payload = mask + MASK;
            if (payload + length > end) {
                break;
            }
            frame(at, payload, length, out);
            at = payload + length;
        }
        return at;
    }

    private static void frame(int at, int payload, int length, ByteArrayOutputStream out) {
        out.write(DATA[at]);
        if (length < SHORT_LENGTH) {
            out.write(length);
        } else {
            out.write(SHORT_LENGTH);
            out.write(length >> 8);
            out.write(length);
        }
        for (int i = 0; i < length; i++) {
            DATA[payload + i] ^= DATA[payload - MASK + i % MASK];
        }
        out.write(DATA, payload, length);
    }

    void write(byte[] frames) {
        unsent.add(ByteBuffer.wrap(frames));
        if (unsent.size() == 1) {
            try {
                flush();
            } catch (IOException e) {
                close();
            }
        }
    }

    void flush() throws IOException {
        while (!unsent.isEmpty()) {
            channel.write(unsent.peek());
            if (unsent.peek().hasRemaining()) {
                key.interestOpsOr(SelectionKey.OP_WRITE);
                return;
            }
            unsent.remove();
        }
        if ((key.interestOps() & SelectionKey.OP_WRITE) != 0) {
            key.interestOpsAnd(~SelectionKey.OP_WRITE);
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // it is closed
        }
    }
}
