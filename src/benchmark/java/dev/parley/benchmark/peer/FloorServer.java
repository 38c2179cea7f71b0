package dev.parley.benchmark.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * No server, but what one costs at least: one thread that writes ready frames as they are, all that came in one read in
 * one write. It trusts its clients.
 */
public final class FloorServer {
    private static final int BACKLOG = 4096;

    private final Selector selector;
    private final Set<FloorConnection> room = new LinkedHashSet<>();

    private FloorServer(Selector selector) {
        this.selector = selector;
    }

    public static void main(String[] args) throws IOException {
        Selector selector = Selector.open();
        ServerSocketChannel listening = ServerSocketChannel.open();
        listening.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), BACKLOG);
        listening.configureBlocking(false);
        listening.register(selector, SelectionKey.OP_ACCEPT, listening);
        Thread serving = new Thread(new FloorServer(selector)::serve, "floor");
        serving.start();
        try {
            Lifeline.serving(listening.socket().getLocalPort());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve() {
        try {
            while (true) {
                selector.select(this::serve);
            }
        } catch (IOException e) {
            throw new IllegalStateException("The selector is broken", e);
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.attachment() instanceof ServerSocketChannel listening) {
                accept(listening);
            } else {
                serve((FloorConnection) key.attachment(), key);
            }
        } catch (IOException e) {
            throw new IllegalStateException("Nothing can be accepted", e);
        }
    }

    private void serve(FloorConnection connection, SelectionKey key) {
        try {
            if (key.isWritable()) {
                connection.flush();
            }
            if (key.isReadable() && !connection.read(this::publish, room::add)) {
                end(connection);
            }
        } catch (IOException e) {
            end(connection);
        }
    }

    private void end(FloorConnection connection) {
        room.remove(connection);
        connection.close();
    }

    private void accept(ServerSocketChannel listening) throws IOException {
        for (SocketChannel channel = listening.accept(); channel != null; channel = listening.accept()) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            key.attach(new FloorConnection(channel, key));
        }
    }

    private void publish(byte[] frames) {
        for (FloorConnection connection : room) {
            connection.write(frames);
        }
    }
}
