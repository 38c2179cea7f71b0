package dev.parley.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A proxy as stands in some networks between a browser and a server, both on this machine: it understands HTTP just well
 * enough to be in the way. It carries one request a connection, each to the next of its servers.
 *
 * <p>A few threads a connection, all daemons; they end with their sockets, and those with {@link #close}.
 */
public final class Middlebox implements AutoCloseable {
    private static final int LOOK_MILLIS = 20;

    /** Of its clock between two looks: while the whole machine stands still, so does the clock. */
    private static final long LONGEST_LOOK = TimeUnit.MILLISECONDS.toNanos(10 * LOOK_MILLIS);

    private static final int MOST_HEAD = 64 * 1024;
    private static final int ROOM = 16 * 1024;
    private static final Set<String> OF_UPGRADE = Set.of("upgrade", "connection");

    /**
     * What it does.
     *
     * @param stripsUpgrade forgets what asks for another protocol, as a proxy of HTTP/1.0 does
     * @param buffers hands an answer on when all of it is there
     * @param idle cuts what carries nothing for so long; zero: never
     * @param longest cuts what takes longer than this from the request to the answer's end; zero: never
     */
    public record Habits(boolean stripsUpgrade, boolean buffers, Duration idle, Duration longest) {
        public static final Habits NONE = new Habits(false, false, Duration.ZERO, Duration.ZERO);

        public Habits strippingUpgrade() {
            return new Habits(true, buffers, idle, longest);
        }

        public Habits buffering() {
            return new Habits(stripsUpgrade, true, idle, longest);
        }

        public Habits cuttingSilence(Duration silence) {
            return new Habits(stripsUpgrade, buffers, silence, longest);
        }

        public Habits cuttingAfter(Duration time) {
            return new Habits(stripsUpgrade, buffers, idle, time);
        }
    }

    private final List<Integer> servers;
    private final Habits habits;
    private final ServerSocket listener;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();

    /** What its clock says, in nanoseconds. */
    private volatile long time;

    private Middlebox(List<Integer> servers, Habits habits) throws IOException {
        this.servers = List.copyOf(servers);
        this.habits = habits;
        this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        begin("accept", this::accept);
        begin("clock", this::watch);
    }

    /** In front of these ports of 127.0.0.1, in turn. */
    public static Middlebox before(Habits habits, Integer... servers) {
        try {
            return new Middlebox(List.of(servers), habits);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The same address by way of this one. */
    public URI through(URI address) {
        return URI.create(address.getScheme() + "://127.0.0.1:" + port()
                + Objects.requireNonNullElse(address.getRawPath(), "")
                + (address.getRawQuery() == null ? "" : "?" + address.getRawQuery()));
    }

    /** How many connections it has taken, and how many of them it has cut. */
    @Override
    public String toString() {
        return taken + " connections, " + cut + " cut";
    }

    /** How many connections it has cut. */
    public int cuts() {
        return cut.get();
    }

    @Override
    public void close() {
        quietly(listener);
        links.forEach(Link::end);
    }

    private void accept() {
        try {
            while (!listener.isClosed()) {
                Socket client = listener.accept();
                int server = servers.get(taken.getAndIncrement() % servers.size());
                begin("link", () -> carry(client, server));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void carry(Socket client, int port) {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            Link link = new Link(client, server);
            links.add(link);
            try {
                link.carry(habits);
            } finally {
                link.end();
                links.remove(link);
            }
        } catch (IOException e) {
            quietly(client);
        }
    }

    /** Cuts what has been silent, or has lasted, for too long. */
    private void watch() {
        try {
            long before = System.nanoTime();
            long told = 0;
            while (!listener.isClosed()) {
                long now = System.nanoTime();
                told += Math.min(now - before, LONGEST_LOOK);
                before = now;
                time = told;
                for (Link link : List.copyOf(links)) {
                    boolean silent = exceeds(time - link.heard, habits.idle());
                    if (silent || exceeds(time - link.began, habits.longest())) {
                        cut.incrementAndGet();
                        links.remove(link);
                        link.end();
                    }
                }
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean exceeds(long nanos, Duration limit) {
        return !limit.isZero() && nanos > limit.toNanos();
    }

    private static void begin(String name, Runnable task) {
        Thread thread = new Thread(task, "middlebox-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void quietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            // it is gone already
        }
    }

    /** One request and its answer, or what an upgrade makes of them. */
    private final class Link {
        private final Socket client;
        private final Socket server;
        private volatile long began = time;
        private volatile long heard = began;

        Link(Socket client, Socket server) throws IOException {
            this.client = client;
            this.server = server;
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        }

        void carry(Habits habits) throws IOException {
            InputStream in = client.getInputStream();
            List<String> head = head(in);
            if (head.isEmpty()) {
                return;
            }
            began = time;
            heard = began;
            boolean upgrades = !habits.stripsUpgrade() && value(head, "upgrade").length() > 0;
            OutputStream out = server.getOutputStream();
            out.write(text(upgrades ? head : plain(head)).getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            if (upgrades) {
                begin("up", () -> copyOrEnd(in, out));
            } else {
                String length = value(head, "content-length");
                copy(in, out, length.isEmpty() ? 0 : Long.parseLong(length));
            }
            if (habits.buffers() && !upgrades) {
                byte[] whole = server.getInputStream().readAllBytes();
                client.getOutputStream().write(whole);
            } else {
                copy(server.getInputStream(), client.getOutputStream(), Long.MAX_VALUE);
            }
        }

        private void copyOrEnd(InputStream from, OutputStream to) {
            try {
                copy(from, to, Long.MAX_VALUE);
            } catch (IOException e) {
                // one side has gone
            }
            end();
        }

        private void copy(InputStream from, OutputStream to, long most) throws IOException {
            byte[] room = new byte[ROOM];
            long left = most;
            while (left > 0) {
                int count = from.read(room, 0, (int) Math.min(room.length, left));
                if (count < 0) {
                    return;
                }
                heard = time;
                to.write(room, 0, count);
                to.flush();
                left -= count;
            }
        }

        void end() {
            quietly(client);
            quietly(server);
        }

        /** The lines of a request's head without line ends; none where the client went away before it was whole. */
        private static List<String> head(InputStream in) throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int octet = in.read();
                if (octet < 0 || head.length() > MOST_HEAD) {
                    return List.of();
                }
                head.append((char) octet);
            }
            return List.of(head.substring(0, head.length() - 4).split("\r\n"));
        }

        private static String value(List<String> head, String name) {
            return head.stream()
                    .filter(line -> name(line).equals(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        }

        private static String name(String line) {
            return line.substring(0, Math.max(0, line.indexOf(':'))).toLowerCase(Locale.ROOT);
        }

        /** One request a connection, and nothing of another protocol. */
        private static List<String> plain(List<String> head) {
            List<String> kept = new ArrayList<>(head);
            kept.removeIf(line -> OF_UPGRADE.contains(name(line)) || name(line).startsWith("sec-websocket-"));
            kept.add("Connection: close");
            return kept;
        }

        private static String text(List<String> head) {
            return Stream.concat(head.stream(), Stream.of("", "")).collect(Collectors.joining("\r\n"));
        }
    }
}
