package dev.parley.benchmark.load;

import dev.parley.benchmark.load.Dialect.Role;
import java.io.IOException;

/** What is sent comes back. */
final class Echoes extends RoundTrips {

    Echoes(Plan plan) throws IOException {
        super(plan, Role.ECHO, "connections");
    }

    @Override
    String message(Link link, long number) {
        return Body.of(Body.COUNTED, number, loop.size);
    }

    @Override
    public void message(Link link, long number, long now) {
        if (number != link.next) {
            throw link.gone("got echo " + number + " where " + link.next + " was due");
        }
        answered(link, now);
    }
}
