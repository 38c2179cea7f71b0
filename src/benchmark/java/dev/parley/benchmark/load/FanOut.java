package dev.parley.benchmark.load;

import dev.parley.benchmark.load.Dialect.Role;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One publishes, all get everything, in order. With a window, so many are on the way at once and the next is published
 * when the oldest has reached everybody; with a rate, so many a second, and latencies count from when it was due.
 *
 * <p>Some subscribers may be stuck: they subscribe, and read no more. First comes a flood then, so that what lies
 * between is full; what they have not read counts for nobody.
 */
final class FanOut implements Loop.Listener {
    private static final String ROOM = "bench.room";
    private static final int MOST_UNDER_WAY = 1 << 16;
    private static final int PATIENCE_SECONDS = 120;
    private static final int PROBE_NANOS = 500_000_000;
    private static final int STUCK_BUFFER = 4 * 1024;
    private static final int FLOOD_WINDOW = 4;

    private final Plan plan;
    private final Loop loop;
    private final Meter meter;
    private final int subscribers;
    private final int stuck;
    private final long[] sentAt = new long[MOST_UNDER_WAY];
    private final int[] remaining = new int[MOST_UNDER_WAY];
    private List<Link> links = List.of();
    private @Nullable Link publisher;
    private boolean publisherReady;
    private int ready;
    private final boolean[] known;
    private int probed;
    private long published;
    private long oldest;
    private int window;

    FanOut(Plan plan) throws IOException {
        this.plan = plan;
        this.loop = new Loop(plan.dialect(), plan.number("port"), plan.number("size"), this);
        this.meter = new Meter(plan.number("pid"));
        this.subscribers = plan.number("subscribers");
        this.stuck = plan.numberOr0("stuck");
        this.known = new boolean[subscribers];
    }

    Map<String, Double> run() throws IOException {
        connect();
        flood();
        int rate = plan.numberOr0("rate");
        if (plan.numberOr0("window") + rate > 0) {
            meter.warmUp(part -> phase(rate, part), plan.nanoseconds("warm-up"));
            meter.start();
            phase(rate, plan.nanoseconds("seconds"));
            meter.stop();
            window = 0;
            drain();
        }
        check();
        if (plan.says("hold")) {
            hold();
        }
        return meter.count() > 0 ? meter.result() : Map.of("connections", (double) links.size());
    }

    /** With stuck ones again when they are gone, and again when as many of the others are. */
    private void hold() throws IOException {
        Load.hold();
        if (stuck > 0) {
            links.subList(subscribers - stuck, subscribers).forEach(Link::close);
            Load.hold();
            links.subList(0, stuck).forEach(Link::close);
            Load.hold();
        }
    }

    private void connect() throws IOException {
        links = Subscribers.connect(
                loop,
                subscribers,
                () -> ready,
                index -> new Link(loop, index, Role.SUBSCRIBER, ROOM, "", isStuck(index) ? STUCK_BUFFER : 0));
        publisher = Subscribers.publisher(loop, link -> publisherReady);
        if (!loop.dialect.tells()) {
            probe();
        }
        links.stream().filter(link -> isStuck(link.index)).forEach(Link::stop);
    }

    /** Asks until everyone has answered: a broker that does not tell may still be subscribing some. */
    private void probe() throws IOException {
        long[] askedAt = {0};
        loop.until(
                () -> {
                    long now = System.nanoTime();
                    if (now - askedAt[0] > PROBE_NANOS) {
                        askedAt[0] = now;
                        send(Body.of(Body.PROBE, 0, loop.size));
                    }
                    return probed == subscribers;
                },
                PATIENCE_SECONDS,
                "subscribing");
    }

    private void flood() throws IOException {
        long flood = plan.numberOr0("flood");
        if (flood > 0) {
            window = FLOOD_WINDOW;
            fill();
            loop.until(() -> published >= flood, PATIENCE_SECONDS, "the flood");
            window = 0;
            drain();
        }
    }

    private void phase(int rate, long nanoseconds) throws IOException {
        long end = System.nanoTime() + nanoseconds;
        if (rate == 0) {
            window = plan.number("window");
            fill();
            while (System.nanoTime() < end) {
                loop.turn(end - System.nanoTime());
            }
            return;
        }
        long interval = 1_000_000_000L / rate;
        for (long due = System.nanoTime(); due < end; due += interval) {
            publish(due);
            while (System.nanoTime() < due + interval) {
                loop.turn(due + interval - System.nanoTime());
            }
        }
    }

    private void fill() {
        while (published - oldest < window) {
            publish(System.nanoTime());
        }
    }

    private void publish(long at) {
        if (published - oldest == MOST_UNDER_WAY) {
            throw new LoadException("The server is behind by " + MOST_UNDER_WAY + " messages");
        }
        int slot = slot(published);
        sentAt[slot] = at;
        remaining[slot] = subscribers - stuck;
        send(Body.of(Body.COUNTED, published, loop.size));
        published++;
    }

    private void send(String body) {
        if (publisher != null) {
            publisher.send(loop.dialect.publish(published + 1, ROOM, body));
        }
    }

    private void drain() throws IOException {
        loop.until(() -> oldest == published, PATIENCE_SECONDS, "waiting for what was published");
    }

    private void check() {
        for (Link link : links) {
            if (!isStuck(link.index) && link.next != published) {
                throw link.gone("got " + link.next + " messages of " + published);
            }
        }
    }

    @Override
    public void ready(Link link) {
        if (link.index < 0) {
            publisherReady = true;
        } else {
            ready++;
        }
    }

    @Override
    public void probe(Link link) {
        if (!known[link.index]) {
            known[link.index] = true;
            probed++;
        }
    }

    @Override
    public void message(Link link, long number, long now) {
        if (number != link.next) {
            throw link.gone("got message " + number + " where " + link.next + " was due");
        }
        link.next++;
        int slot = slot(number);
        meter.took(now - sentAt[slot]);
        if (--remaining[slot] == 0) {
            while (oldest < published && remaining[slot(oldest)] == 0) {
                oldest++;
            }
            fill();
        }
    }

    private boolean isStuck(int index) {
        return index >= subscribers - stuck;
    }

    private static int slot(long number) {
        return (int) (number & (MOST_UNDER_WAY - 1));
    }
}
