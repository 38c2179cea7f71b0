package dev.parley.benchmark.load;

import dev.parley.benchmark.load.Dialect.Role;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Publishers, each on a channel of its own, with so many publishes under way; counts the replies. */
final class Publishes implements Loop.Listener {
    private static final int PATIENCE_SECONDS = 30;
    private static final int SLOTS = 1 << 10;
    private static final Pattern PUBLISHED = Pattern.compile("\\{\"id\":(\\d+),\"published\":.*:(\\d+)\"}}");

    private final Plan plan;
    private final Loop loop;
    private final Meter meter;
    private final int publishers;
    private final int depth;
    private final long[][] sentAt;
    private final long[] sent;
    private final long[] offsets;
    private int ready;
    private boolean stopping;

    Publishes(Plan plan) throws IOException {
        this.plan = plan;
        this.loop = new Loop(plan.dialect(), plan.number("port"), plan.number("size"), this);
        this.meter = new Meter(plan.number("pid"));
        this.publishers = plan.number("publishers");
        this.depth = plan.number("depth");
        this.sentAt = new long[publishers][SLOTS];
        this.sent = new long[publishers];
        this.offsets = new long[publishers];
        Arrays.fill(offsets, -1);
    }

    Map<String, Double> run() throws IOException {
        List<Link> links = Subscribers.connect(
                loop, publishers, () -> ready, index -> new Link(loop, index, Role.PUBLISHER, "", "", 0));
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
        loop.until(() -> links.stream().allMatch(link -> link.next == sent[link.index]), PATIENCE_SECONDS, "replies");
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
        link.send(loop.dialect.publish(number, "bench.p" + link.index, Body.of(Body.COUNTED, number, loop.size)));
    }

    @Override
    public void ready(Link link) {
        ready++;
    }

    @Override
    public void message(Link link, long number, long now) {
        throw link.gone("got message " + number + ", to which it has not subscribed");
    }

    @Override
    public void answer(Link link, String text, long now) {
        Matcher published = PUBLISHED.matcher(text);
        if (!published.matches() || Long.parseLong(published.group(1)) != link.next) {
            throw link.gone("was told " + text + " where the reply to " + link.next + " was due");
        }
        link.next++;
        inOrder(link, Long.parseLong(published.group(2)));
        meter.took(now - sentAt[link.index][(int) ((link.next - 1) % SLOTS)]);
        if (!stopping) {
            send(link, now);
        }
    }

    /** Nobody else publishes on its channel: each offset is one more than the last. */
    private void inOrder(Link link, long offset) {
        long last = offsets[link.index];
        if (last >= 0 && offset != last + 1) {
            throw link.gone("was told offset " + offset + " after " + last);
        }
        offsets[link.index] = offset;
    }
}
