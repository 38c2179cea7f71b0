package dev.parley.benchmark.load;

import dev.parley.benchmark.load.Dialect.Role;
import dev.parley.benchmark.load.Dialect.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** One WebSocket connection: its handshake, what is said until it is ready, and then the bodies that come. */
final class Link {
    private static final int FINAL = 0x80;
    private static final int TEXT = 0x1;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;
    private static final byte[] NOTHING = {};

    final int index;

    /** The number that must come next. */
    long next;

    private final Loop loop;
    private final Role role;
    private final Dialect dialect;
    private final Iterator<Step> opening;
    private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
    private final SocketChannel channel;
    private final SelectionKey key;
    private @Nullable Step awaiting;
    private boolean upgraded;
    private boolean ready;
    private byte[] rest = NOTHING;

    /** @param after the position to resume from, or empty */
    Link(Loop loop, int index, Role role, String room, String after, int receiveBuffer) throws IOException {
        this.loop = loop;
        this.index = index;
        this.role = role;
        this.dialect = role == Role.ECHO ? Dialect.RAW : loop.dialect;
        this.opening = dialect.opening(role, room, after).iterator();
        this.channel = loop.open(receiveBuffer);
        this.key = loop.register(this, channel);
    }

    /** Reads no more. */
    void stop() {
        key.interestOps(0);
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new LoadException("A connection cannot be closed: " + e);
        }
    }

    void send(String text) {
        send(ClientFrames.text(text));
    }

    private void send(ByteBuffer frame) {
        unsent.add(frame);
        flush();
    }

    void connected() throws IOException {
        channel.finishConnect();
        key.interestOps(SelectionKey.OP_READ);
        send(StandardCharsets.US_ASCII.encode("GET " + loop.dialect.path(role) + " HTTP/1.1\r\n"
                + "Host: 127.0.0.1:" + loop.port + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + (dialect.subProtocol.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + dialect.subProtocol + "\r\n")
                + "\r\n"));
    }

    void flush() {
        try {
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
        } catch (IOException e) {
            throw gone("cannot be written to: " + e);
        }
    }

    /** Reads what is there, once. */
    void read(byte[] data) {
        System.arraycopy(rest, 0, data, 0, rest.length);
        int end = rest.length;
        try {
            int count = channel.read(ByteBuffer.wrap(data, end, data.length - end));
            if (count < 0) {
                throw gone("was closed by the server");
            }
            end += count;
        } catch (IOException e) {
            throw gone("is broken: " + e);
        }
        long now = System.nanoTime();
        int from = upgraded ? 0 : upgrade(data, end);
        int used = upgraded ? frames(data, from, end, now) : 0;
        rest = used == end ? NOTHING : Arrays.copyOfRange(data, used, end);
    }

    private int upgrade(byte[] data, int end) {
        String head = new String(data, 0, end, StandardCharsets.ISO_8859_1);
        int headEnd = head.indexOf("\r\n\r\n");
        if (headEnd < 0) {
            return 0;
        }
        if (!head.startsWith("HTTP/1.1 101")) {
            throw gone("was refused: " + head.lines().findFirst().orElse(""));
        }
        upgraded = true;
        goOn();
        return headEnd + 4;
    }

    /** Says what comes next until an answer is due, or all is said. */
    private void goOn() {
        awaiting = null;
        while (opening.hasNext() && awaiting == null) {
            Step step = opening.next();
            if (!step.say().isEmpty()) {
                send(step.say());
            }
            awaiting = step.await().isEmpty() ? null : step;
        }
        if (awaiting == null && !ready) {
            ready = true;
            loop.listener.ready(this);
        }
    }

    /** Takes whole frames; gives where the first begins that is not whole. */
    private int frames(byte[] data, int from, int end, long now) {
        int at = from;
        while (end - at >= 2) {
            int length = data[at + 1] & 0xff;
            int payload = at + 2;
            if (length == SHORT_LENGTH) {
                payload += 2;
                length = payload > end ? 0 : (data[at + 2] & 0xff) << 8 | (data[at + 3] & 0xff);
            } else if (length == LONG_LENGTH) {
                payload += Long.BYTES;
                length = payload > end ? 0 : (int) ByteBuffer.wrap(data).getLong(at + 2);
            }
            if (payload + length > end) {
                break;
            }
            frame(data[at] & 0xff, data, payload, payload + length, now);
            at = payload + length;
        }
        return at;
    }

    private void frame(int first, byte[] data, int from, int to, long now) {
        if (first == (FINAL | TEXT)) {
            if (dialect.lines()) {
                lines(data, from, to, now);
            } else {
                unit(data, from, to, now);
            }
        } else if (first == (FINAL | PING)) {
            send(ClientFrames.pong(Arrays.copyOfRange(data, from, to)));
        } else if (first == (FINAL | CLOSE)) {
            throw gone("was closed: " + new String(data, from, to - from, StandardCharsets.UTF_8));
        } else {
            throw gone("got a frame that no server here should send: " + Integer.toHexString(first));
        }
    }

    private void lines(byte[] data, int from, int to, long now) {
        int start = from;
        while (start < to) {
            int end = Lines.end(data, start, to);
            unit(data, start, end, now);
            start = end + 1;
        }
    }

    /** One delivery, or one answer. */
    private void unit(byte[] data, int start, int end, long now) {
        int body = end - dialect.suffix - loop.size;
        if (ready && Body.isAt(data, body, start)) {
            if (data[body] == Body.COUNTED) {
                loop.listener.message(this, Body.number(data, body), now);
            } else {
                loop.listener.probe(this);
            }
            return;
        }
        String text = new String(data, start, end - start, StandardCharsets.UTF_8);
        if (awaiting != null && text.contains(awaiting.await())) {
            goOn();
        } else if (dialect == Dialect.SOCKET_IO && text.equals("2")) {
            send("3");
        } else if (text.contains("\"error\"") || text.startsWith("ERROR")) {
            throw gone("was told: " + text);
        } else if (!Body.isAt(data, body, start)) {
            loop.listener.answer(this, text, now);
        }
    }

    LoadException gone(String how) {
        return new LoadException("Connection " + index + " (" + role + ") " + how);
    }
}
