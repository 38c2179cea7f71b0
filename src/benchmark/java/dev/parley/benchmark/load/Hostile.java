package dev.parley.benchmark.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One client that means harm, in one way, over and over. */
final class Hostile {
    private static final ByteBuffer ANSWER = ByteBuffer.allocate(64 * 1024);
    private static final String GET = "GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    private static final String HANDSHAKE = GET + "Connection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    /** A text frame that is not the last, empty, and one behind it of a letter; both are masked with zeros. */
    private static final String FRAGMENT = "\u0001\u0080\0\0\0\0";

    private static final String CONTINUATION = "\u0000\u0081\0\0\0\0x";

    private final Way way;
    private @Nullable SelectionKey key;
    private boolean standing;
    private int connections;
    private long next;

    /** How many there are, what each says first, and what again and again. */
    enum Way {
        SILENT(2_000, "", "", 1_000),
        DRIPPING_HEADER(2_000, GET + "X: ", "y", 1_000),
        H2C(
                200,
                "POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                        + "HTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Length: 500\r\n\r\nhello",
                "",
                1_000),
        ENDLESS_FRAGMENTS(500, HANDSHAKE + FRAGMENT, CONTINUATION, 100);

        final int count;

        @SuppressWarnings("ImmutableEnumChecker") // nobody writes to it
        private final byte[] first;

        @SuppressWarnings("ImmutableEnumChecker") // nobody writes to it
        private final byte[] again;

        private final long pauseNanos;

        Way(int count, String first, String again, int pauseMillis) {
            this.count = count;
            this.first = first.getBytes(StandardCharsets.ISO_8859_1);
            this.again = again.getBytes(StandardCharsets.ISO_8859_1);
            this.pauseNanos = pauseMillis * 1_000_000L;
        }
    }

    Hostile(Way way) {
        this.way = way;
    }

    /** How often its connection has stood. */
    int connections() {
        return connections;
    }

    void connect(Selector selector, int port) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        key = channel.register(selector, SelectionKey.OP_CONNECT, this);
        channel.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
    }

    /** Takes what has come and forgets it; false when it was cut off. */
    boolean serve(SelectionKey ready) {
        SocketChannel channel = (SocketChannel) ready.channel();
        try {
            if (!standing) {
                channel.finishConnect();
                ready.interestOps(SelectionKey.OP_READ);
                standing = true;
                connections++;
                channel.write(ByteBuffer.wrap(way.first));
                next = System.nanoTime() + way.pauseNanos;
            } else if (channel.read(ANSWER.clear()) < 0) {
                return end(channel);
            }
            return true;
        } catch (IOException e) {
            return end(channel);
        }
    }

    /** Says what it says again and again, when it is time; false when it was cut off. */
    boolean goOn(long now) {
        if (!standing || key == null || now - next < 0) {
            return true;
        }
        next = now + way.pauseNanos;
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            channel.write(ByteBuffer.wrap(way.again));
            return true;
        } catch (IOException e) {
            return end(channel);
        }
    }

    private boolean end(SocketChannel channel) {
        standing = false;
        try {
            channel.close();
        } catch (IOException e) {
            throw new LoadException("A connection cannot be closed: " + e);
        }
        return false;
    }
}
