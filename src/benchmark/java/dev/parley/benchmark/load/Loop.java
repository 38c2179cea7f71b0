package dev.parley.benchmark.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;

/** The one thread that all connections share. */
final class Loop {
    private static final int BUFFER = 256 * 1024;
    private static final long NANOS_PER_MILLI = 1_000_000;

    final Dialect dialect;
    final int port;

    /** Bytes of a body. */
    final int size;

    final Listener listener;

    private final Selector selector;
    private final byte[] data = new byte[BUFFER];

    /** What a scenario hears of its connections. */
    interface Listener {
        void ready(Link link);

        void message(Link link, long number, long now);

        /** A message that only asks who is there. */
        default void probe(Link link) {}

        /** Anything else: a reply. */
        default void answer(Link link, String text, long now) {}
    }

    Loop(Dialect dialect, int port, int size, Listener listener) throws IOException {
        this.dialect = dialect;
        this.port = port;
        this.size = size;
        this.listener = listener;
        this.selector = Selector.open();
    }

    SocketChannel open(int receiveBuffer) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (receiveBuffer > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
        }
        channel.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
        return channel;
    }

    SelectionKey register(Link link, SocketChannel channel) throws IOException {
        return channel.register(selector, SelectionKey.OP_CONNECT, link);
    }

    /** Goes on until this holds; fails after so many seconds. */
    void until(BooleanSupplier done, int seconds, String what) throws IOException {
        long deadline = System.nanoTime() + seconds * 1_000L * NANOS_PER_MILLI;
        while (!done.getAsBoolean()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new LoadException("After " + seconds + " s there is still no end of: " + what);
            }
            turn(Math.min(100 * NANOS_PER_MILLI, left));
        }
    }

    /** One look at all connections, waiting at most so long for one with something to do. */
    void turn(long nanoseconds) throws IOException {
        if (nanoseconds < NANOS_PER_MILLI) {
            selector.selectNow(this::serve);
        } else {
            selector.select(this::serve, nanoseconds / NANOS_PER_MILLI);
        }
    }

    private void serve(SelectionKey key) {
        Link link = (Link) key.attachment();
        if (key.isValid() && key.isConnectable()) {
            connect(link);
        }
        if (key.isValid() && key.isWritable()) {
            link.flush();
        }
        if (key.isValid() && key.isReadable()) {
            link.read(data);
        }
    }

    private static void connect(Link link) {
        try {
            link.connected();
        } catch (IOException e) {
            throw link.gone("cannot be made: " + e);
        }
    }
}
