package dev.parley.benchmark.load;

import dev.parley.benchmark.load.Dialect.Role;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Every connection has so many messages on the way, and sends the next when one is back. */
final class Echoes implements Loop.Listener {
    private static final int PATIENCE_SECONDS = 30;
    private static final int SLOTS = 1 << 10;

    private final Plan plan;
    private final Loop loop;
    private final Meter meter;
    private final int connections;
    private final int depth;
    private final long[][] sentAt;
    private final long[] sent;
    private int ready;
    private boolean stopping;

    Echoes(Plan plan) throws IOException {
        this.plan = plan;
        this.loop = new Loop(plan.dialect(), plan.number("port"), plan.number("size"), this);
        this.meter = new Meter(plan.number("pid"));
        this.connections = plan.number("connections");
        this.depth = plan.number("depth");
        this.sentAt = new long[connections][SLOTS];
        this.sent = new long[connections];
    }

    Map<String, Double> run() throws IOException {
        List<Link> links = Subscribers.connect(
                loop, connections, () -> ready, index -> new Link(loop, index, Role.ECHO, "", "", 0));
        links.forEach(link -> {
            for (int i = 0; i < depth; i++) {
                send(link, System.nanoTime());
            }
        });
        turn(plan.nanoseconds("warm-up"));
        meter.start();
        turn(plan.nanoseconds("seconds"));
        meter.stop();
        stopping = true;
        loop.until(() -> links.stream().allMatch(link -> link.next == sent[link.index]), PATIENCE_SECONDS, "echoes");
        return meter.result();
    }

    private void turn(long nanoseconds) throws IOException {
        long end = System.nanoTime() + nanoseconds;
        while (System.nanoTime() < end) {
            loop.turn(end - System.nanoTime());
        }
    }

    private void send(Link link, long now) {
        long number = sent[link.index]++;
        sentAt[link.index][(int) (number % SLOTS)] = now;
        link.send(Body.of(Body.COUNTED, number, loop.size));
    }

    @Override
    public void ready(Link link) {
        ready++;
    }

    @Override
    public void message(Link link, long number, long now) {
        if (number != link.next) {
            throw link.gone("got echo " + number + " where " + link.next + " was due");
        }
        link.next++;
        meter.took(now - sentAt[link.index][(int) (number % SLOTS)]);
        if (!stopping) {
            send(link, now);
        }
    }
}
