package dev.parley.e2e;

import dev.parley.protocol.Position;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Thousands of clients on one thread, each of which reads a channel in its way and counts what it is given: every message
 * once, in order.
 */
final class ManyReaders implements Closeable {
    private static final Pattern MESSAGE = Pattern.compile("\"position\":\"([a-z0-9]+):([0-9]+)\",\"from\"");
    private static final Pattern COVERING = Pattern.compile("^\\{\"position\":\"([^\"]+)\"");
    private static final Pattern LENGTH = Pattern.compile("Content-Length: ([0-9]+)");
    private static final int BUFFER = 64 * 1024;
    private static final int TAIL = 200;
    private static final int SMALL = 1_024;

    private final URI server;
    private final String channel;
    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private final ConcurrentLinkedQueue<One> opening = new ConcurrentLinkedQueue<>();
    private final List<One> all = new ArrayList<>();

    ManyReaders(URI server, String channel) throws IOException {
        this.server = server;
        this.channel = channel;
        this.selector = Selector.open();
        Thread thread = new Thread(this::run, "many-readers");
        thread.setDaemon(true);
        thread.start();
    }

    /** How they read. */
    enum Kind {
        WEBSOCKET,
        SSE,
        LONG_POLLING
    }

    /** One client. All but what is volatile is the thread's. */
    final class One {
        private final Kind kind;
        private final SocketChannel socket;
        private final StringBuilder text = new StringBuilder(0);
        private final Position from;
        private boolean asked;
        private volatile long last;
        private final AtomicInteger faults = new AtomicInteger();
        private volatile boolean ended;

        One(Kind kind, SocketChannel socket, Position from) {
            this.kind = kind;
            this.socket = socket;
            this.from = from;
            this.last = from.offset();
        }

        long last() {
            return last;
        }

        /** Messages that came twice, too early, or of another log; and an end that nobody wanted. */
        int faults() {
            return faults.get() + (ended ? 1 : 0);
        }

        private void ask(String after) throws IOException {
            String head = " HTTP/1.1\r\nHost: 127.0.0.1:" + server.getPort() + "\r\n";
            send(
                    switch (kind) {
                        case WEBSOCKET ->
                            "GET /channels" + head
                                    + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                    + "Sec-WebSocket-Protocol: v1.parley\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
                        case SSE -> "GET /api/events?channel=" + channel + after + head + "\r\n";
                        case LONG_POLLING -> "GET /api/messages?wait=60&channel=" + channel + after + head + "\r\n";
                    });
        }

        private void send(String request) throws IOException {
            send(request.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** So little goes out at once. */
        private void send(byte[] bytes) throws IOException {
            ByteBuffer out = ByteBuffer.wrap(bytes);
            while (out.hasRemaining()) {
                socket.write(out);
            }
        }

        private void heard(String piece) throws IOException {
            text.append(piece);
            if (kind == Kind.LONG_POLLING) {
                answers();
                return;
            }
            if (kind == Kind.WEBSOCKET && !asked && text.indexOf("\r\n\r\n") > 0) {
                asked = true;
                String subscribe =
                        "{\"id\":1,\"subscribe\":{\"channel\":\"" + channel + "\",\"after\":\"" + from + "\"}}";
                send(RawWebSocketClient.frame(RawWebSocketClient.TEXT, subscribe.getBytes(StandardCharsets.UTF_8)));
            }
            text.delete(0, Math.max(messages(text), text.length() - TAIL));
        }

        private void answers() throws IOException {
            int end = text.indexOf("\r\n\r\n");
            if (end < 0) {
                return;
            }
            Matcher length = LENGTH.matcher(text);
            if (!length.find() || text.indexOf("HTTP/1.1 200 ") != 0) {
                faults.incrementAndGet();
                return;
            }
            int whole = end + 4 + Integer.parseInt(length.group(1));
            if (text.length() < whole) {
                return;
            }
            String body = text.substring(end + 4, whole);
            text.setLength(0);
            text.trimToSize();
            messages(body);
            Matcher position = COVERING.matcher(body);
            if (position.find()) {
                ask("&after=" + position.group(1));
            } else {
                faults.incrementAndGet();
            }
        }

        /** Gives up to where it has read. */
        private int messages(CharSequence read) {
            Matcher matcher = MESSAGE.matcher(read);
            int end = 0;
            while (matcher.find()) {
                end = matcher.end();
                long offset = Long.parseLong(matcher.group(2));
                if (!from.epoch().equals(matcher.group(1))) {
                    faults.incrementAndGet();
                }
                if (offset != last + 1) {
                    faults.incrementAndGet();
                }
                last = offset;
            }
            return end;
        }
    }

    /** Further clients, which read on from this place. */
    List<One> open(Kind kind, int count, Position from) throws IOException {
        List<One> opened = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            SocketChannel socket = SocketChannel.open();
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            One one = new One(kind, socket, from);
            opened.add(one);
            synchronized (all) {
                all.add(one);
            }
            one.ask("&after=" + from);
            socket.configureBlocking(false);
            opening.add(one);
            selector.wakeup();
        }
        return opened;
    }

    /** Streams of these channels that are never read. */
    static List<SocketChannel> silent(URI server, String channels, int count) throws IOException {
        List<SocketChannel> silent = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            SocketChannel socket = SocketChannel.open();
            socket.setOption(StandardSocketOptions.SO_RCVBUF, SMALL);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
            String request =
                    "GET /api/events?" + channels + " HTTP/1.1\r\nHost: 127.0.0.1:" + server.getPort() + "\r\n\r\n";
            socket.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1)));
            silent.add(socket);
        }
        return silent;
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                selector.select(this::read);
                for (One one = opening.poll(); one != null; one = opening.poll()) {
                    one.socket.register(selector, SelectionKey.OP_READ, one);
                }
            }
        } catch (ClosedSelectorException e) {
            // closed
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(SelectionKey key) {
        One one = (One) key.attachment();
        try {
            buffer.clear();
            int count = one.socket.read(buffer);
            if (count < 0) {
                one.ended = true;
                key.cancel();
                return;
            }
            one.heard(new String(buffer.array(), 0, count, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            one.ended = true;
            key.cancel();
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        synchronized (all) {
            for (One one : all) {
                one.socket.close();
            }
        }
    }
}
