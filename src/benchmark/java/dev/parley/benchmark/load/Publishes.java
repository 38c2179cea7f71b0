package dev.parley.benchmark.load;

import dev.parley.benchmark.load.Dialect.Role;
import java.io.IOException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Publishers, each on a channel of its own; counts the replies. */
final class Publishes extends RoundTrips {
    private static final Pattern PUBLISHED = Pattern.compile("\\{\"id\":(\\d+),\"published\":.*:(\\d+)\"}}");

    private final long[] offsets;

    Publishes(Plan plan) throws IOException {
        super(plan, Role.PUBLISHER, "publishers");
        this.offsets = new long[connections()];
        Arrays.fill(offsets, -1);
    }

    @Override
    String message(Link link, long number) {
        return loop.dialect.publish(number, "bench.p" + link.index, Body.of(Body.COUNTED, number, loop.size));
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
        inOrder(link, Long.parseLong(published.group(2)));
        answered(link, now);
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
