package dev.parley.benchmark.load;

import dev.parley.benchmark.load.Dialect.Role;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Every connection has so many messages on the way, and sends the next when one is answered; the answers come in order.
 */
abstract class RoundTrips implements Loop.Listener {
    private static final int PATIENCE_SECONDS = 30;
    private static final int SLOTS = 1 << 10;

    /** The one that all connections share. */
    final Loop loop;

    private final Plan plan;
    private final Meter meter;
    private final Role role;
    private final int connections;
    private final int depth;
    private final long[][] sentAt;
    private final long[] sent;
    private int ready;
    private boolean stopping;

    /** @param connections where the plan says how many */
    RoundTrips(Plan plan, Role role, String connections) throws IOException {
        this.plan = plan;
        this.role = role;
        this.loop = new Loop(plan.dialect(), plan.number("port"), plan.number("size"), this);
        this.meter = new Meter(plan.number("pid"));
        this.connections = plan.number(connections);
        this.depth = plan.number("depth");
        this.sentAt = new long[this.connections][SLOTS];
        this.sent = new long[this.connections];
    }

    /** What is sent as the message of this number. */
    abstract String message(Link link, long number);

    int connections() {
        return connections;
    }

    Map<String, Double> run() throws IOException {
        List<Link> links =
                Subscribers.connect(loop, connections, () -> ready, index -> new Link(loop, index, role, "", "", 0));
        links.forEach(link -> {
            for (int i = 0; i < depth; i++) {
                send(link, System.nanoTime());
            }
        });
        meter.warmUp(this::turn, plan.nanoseconds("warm-up"));
        meter.start();
        turn(plan.nanoseconds("seconds"));
        meter.stop();
        stopping = true;
        loop.until(() -> links.stream().allMatch(link -> link.next == sent[link.index]), PATIENCE_SECONDS, "answers");
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
        link.send(message(link, number));
    }

    /** The answer to the link's next message has come. */
    void answered(Link link, long now) {
        meter.took(now - sentAt[link.index][(int) (link.next % SLOTS)]);
        link.next++;
        if (!stopping) {
            send(link, now);
        }
    }

    @Override
    public void ready(Link link) {
        ready++;
    }
}
