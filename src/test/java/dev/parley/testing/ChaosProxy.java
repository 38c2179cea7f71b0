package dev.parley.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A bad network between a client and a server, both on this machine: it listens on any free port of 127.0.0.1 and
 * carries bytes to and from another port of 127.0.0.1, as well as its weather lets it.
 *
 * <pre>{@code
 * try (ChaosProxy proxy = ChaosProxy.to(server.uri())) {
 *     connect(proxy.through(server.uri()));   // the same address, by way of the proxy
 *     proxy.cut();                            // by hand
 *     proxy.storm(ChaosStorm.DEFAULTS);       // at random, until pass()
 *     proxy.pass();
 *     System.out.println(proxy);              // what it did, and its seed
 * }
 * }</pre>
 *
 * <p>By hand: {@link #cut} and {@link #reset} end the connections of the moment; {@link #stall} and {@link #refuse} last
 * until {@link #pass}. In a {@link #storm} each connection has a fate of its own, drawn from the seed and the number of
 * the connection; the seed is printed, and {@code -Dparley.test.seed=…} repeats it (not the timing of the machine).
 *
 * <p>One thread does all, and ends with {@link #close}, or by itself after {@link #LONGEST}. Thread-safe;
 * what is asked of it by hand has been done when the call returns.
 */
public final class ChaosProxy implements AutoCloseable {
    /** After so long it closes itself, should a test forget it. */
    public static final Duration LONGEST = Duration.ofMinutes(30);

    /** What it has done, each as often as it counts. */
    public enum Deed {
        /** Connections taken and carried on. */
        CONNECTED,
        /** Both sides closed, as by a server or proxy that ends in good order. */
        CUT,
        /** Both sides reset (RST), as by a process or router that dies. */
        RESET,
        /** Nothing carried for a while, one way or both, though both sides are open. */
        STALLED,
        /** Each read held back for a while before it is carried on. */
        DELAYED,
        /** Connections reset before a byte was carried. */
        REFUSED
    }

    enum Weather {
        PASS,
        STALL,
        REFUSE,
        STORM
    }

    private static final long TICK = 5;

    private volatile InetSocketAddress target;
    private final long seed;
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final int port;
    private final Queue<Runnable> asked = new ConcurrentLinkedQueue<>();
    private final ConcurrentHashMap<Deed, LongAdder> counts = new ConcurrentHashMap<>();
    private final Thread thread;

    // Of the thread alone.
    private final List<ChaosLink> links = new ArrayList<>();
    private Weather weather = Weather.PASS;
    private @Nullable ChaosStorm storm;
    private long taken;
    private volatile boolean closed;

    private ChaosProxy(InetSocketAddress target, long seed) throws IOException {
        this.target = target;
        this.seed = seed;
        this.selector = Selector.open();
        this.listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        this.port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
        this.thread = new Thread(this::run, "chaos-proxy-" + port);
        thread.setDaemon(true);
        thread.start();
    }

    /** To a server on 127.0.0.1 with a seed by chance, or that of {@code parley.test.seed}. */
    public static ChaosProxy to(URI server) {
        return to(server.getPort());
    }

    /** To a port of 127.0.0.1 with a seed by chance, or that of {@code parley.test.seed}. */
    public static ChaosProxy to(int port) {
        return to(
                port,
                Long.getLong("parley.test.seed", ThreadLocalRandom.current().nextLong(1_000_000)));
    }

    /** To a port of 127.0.0.1 with this seed. */
    public static ChaosProxy to(int port, long seed) {
        try {
            return new ChaosProxy(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), seed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on new connections go there. */
    public void retarget(int other) {
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), other);
    }

    /** Where it listens, on 127.0.0.1. */
    public int port() {
        return port;
    }

    public long seed() {
        return seed;
    }

    /** The same address by way of this proxy. */
    public URI through(URI address) {
        String path = Objects.requireNonNullElse(address.getRawPath(), "");
        String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        return URI.create(address.getScheme() + "://127.0.0.1:" + port + path + query);
    }

    /** Carries everything from now on, what was stalled first; ends a storm. */
    public void pass() {
        weather(Weather.PASS, null);
    }

    /** Carries nothing until {@link #pass}, neither for the connections of now nor for new ones, and closes none. */
    public void stall() {
        weather(Weather.STALL, null);
    }

    /** Resets what is there and whatever comes, until {@link #pass}. */
    public void refuse() {
        weather(Weather.REFUSE, null);
    }

    /** Troubles the connections of now and new ones at random until {@link #pass}. Prints the seed. */
    @SuppressWarnings("SystemOut") // the build's output is where one looks for it when a test fails
    public void storm(ChaosStorm kind) {
        System.out.println("[chaos] seed " + seed + " (-Dparley.test.seed=" + seed + " repeats it)");
        weather(Weather.STORM, kind);
    }

    /** Closes the connections of now on both sides; what was not yet carried is lost. */
    public void cut() {
        ask(() -> links.forEach(link -> end(link, Deed.CUT)));
    }

    /** As {@link #cut}, but with a reset (RST) on both sides. */
    public void reset() {
        ask(() -> links.forEach(link -> end(link, Deed.RESET)));
    }

    /** How often it has done this. */
    public long count(Deed deed) {
        LongAdder count = counts.get(deed);
        return count == null ? 0 : count.sum();
    }

    /** How many connections it carries now. */
    public int open() {
        int[] open = new int[1];
        ask(() -> open[0] = links.size());
        return open[0];
    }

    /** What it did and with which seed. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("seed ").append(seed);
        for (Deed deed : Deed.values()) {
            out.append(", ")
                    .append(deed.name().toLowerCase(Locale.ROOT))
                    .append(' ')
                    .append(count(deed));
        }
        return out.toString();
    }

    /** Resets what is open and stops listening; its thread has ended when this returns. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void count(Deed deed, int more) {
        counts.computeIfAbsent(deed, any -> new LongAdder()).add(more);
    }

    private void weather(Weather next, @Nullable ChaosStorm kind) {
        ask(() -> {
            weather = next;
            storm = kind;
            for (ChaosLink link : links) {
                if (next == Weather.REFUSE) {
                    end(link, Deed.RESET);
                } else if (next == Weather.STALL) {
                    link.stallForGood();
                    count(Deed.STALLED, 1);
                } else {
                    link.pass(fate(link.number()));
                }
            }
        });
    }

    private @Nullable ChaosFate fate(long number) {
        return storm == null ? null : new ChaosFate(storm, new SplittableRandom(seed * 1_000_003 + number));
    }

    /** Does it on the thread, between two rounds, and waits for it; nothing once this is closed. */
    private void ask(Runnable task) {
        CountDownLatch done = new CountDownLatch(1);
        asked.add(() -> {
            task.run();
            links.removeIf(ChaosLink::isEnded);
            done.countDown();
        });
        selector.wakeup();
        try {
            boolean over = false;
            while (!over) {
                over = done.await(100, TimeUnit.MILLISECONDS) || !thread.isAlive();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        long end = System.nanoTime() + LONGEST.toNanos();
        try {
            while (!closed && System.nanoTime() < end) {
                selector.select(this::ready, links.isEmpty() ? 100 : TICK);
                for (Runnable task = asked.poll(); task != null; task = asked.poll()) {
                    task.run();
                }
                round(System.nanoTime());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            links.forEach(link -> link.end(true));
            quietly(listener);
            quietly(selector);
        }
    }

    private void ready(SelectionKey key) {
        if (!key.isValid()) {
            return;
        }
        if (key.attachment() instanceof ChaosLink link) {
            link.ready(key);
        } else {
            accept();
        }
    }

    private void accept() {
        try {
            SocketChannel client = listener.accept();
            if (client == null) {
                return;
            }
            if (weather == Weather.REFUSE) {
                refuse(client);
                return;
            }
            connect(client);
        } catch (IOException e) {
            // it has gone by itself
        }
    }

    /** First counted: whoever is refused may ask at once how often that was. */
    private void refuse(SocketChannel client) {
        count(Deed.REFUSED, 1);
        try {
            client.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // it has gone by itself
        }
        quietly(client);
    }

    private void connect(SocketChannel client) throws IOException {
        SocketChannel server;
        try {
            server = SocketChannel.open(target);
        } catch (IOException e) {
            count(Deed.REFUSED, 1); // first, as above
            quietly(client);
            return;
        }
        ChaosLink link = new ChaosLink(++taken, client, server, selector);
        links.add(link);
        count(Deed.CONNECTED, 1);
        if (weather == Weather.STALL) {
            link.stallForGood();
        } else {
            link.pass(fate(link.number()));
        }
    }

    /** What time brings: the next of a link's fate, and what has been held back long enough. */
    private void round(long now) {
        for (ChaosLink link : links) {
            Deed deed = link.tick(now);
            if (deed == Deed.CUT || deed == Deed.RESET) {
                end(link, deed);
            } else if (deed != null) {
                count(deed, 1);
            }
        }
        links.removeIf(ChaosLink::isEnded);
    }

    private void end(ChaosLink link, Deed deed) {
        if (!link.isEnded()) {
            count(deed, 1);
            link.end(deed == Deed.RESET);
        }
    }

    static void quietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            // it is gone already
        }
    }
}
