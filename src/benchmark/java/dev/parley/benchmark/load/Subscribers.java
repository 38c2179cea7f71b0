package dev.parley.benchmark.load;

import dev.parley.benchmark.load.Dialect.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/** Brings connections up, some at a time. */
final class Subscribers {
    private static final int AT_ONCE = 64;
    private static final int PATIENCE_SECONDS = 60;

    private Subscribers() {}

    /** What a connection of a scenario is opened with. */
    interface Opening {
        Link open(int index) throws IOException;
    }

    /** @param ready how many of these are ready */
    static List<Link> connect(Loop loop, int count, IntSupplier ready, Opening opening) throws IOException {
        List<Link> links = new ArrayList<>(count);
        while (links.size() < count) {
            loop.until(() -> links.size() - ready.getAsInt() < AT_ONCE, PATIENCE_SECONDS, "connecting");
            links.add(opening.open(links.size()));
        }
        loop.until(() -> ready.getAsInt() == count, PATIENCE_SECONDS, "connecting");
        return links;
    }

    static Link publisher(Loop loop, Ready ready) throws IOException {
        Link link = new Link(loop, -1, Role.PUBLISHER, "", "", 0);
        loop.until(() -> ready.is(link), PATIENCE_SECONDS, "connecting the publisher");
        return link;
    }

    /** Whether a connection is ready. */
    interface Ready {
        boolean is(Link link);
    }
}
