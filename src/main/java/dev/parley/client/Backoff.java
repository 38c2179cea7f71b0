package dev.parley.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses that grow, half of each by chance, so that a thousand clients of a server that restarts do not all come back at
 * once. A connection that lasted longer than the pause before it was a good one, and the next pause is short again; one
 * that ends as soon as it begins is not, so that a server which turns its clients away is not run down by them. Not safe
 * for several threads.
 */
final class Backoff {
    private static final int MOST_DOUBLINGS = 20;

    private final long first;
    private final long longest;
    private final RandomGenerator random;
    private int failures;
    private long last;
    private long spreading;

    Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first.toMillis();
        this.longest = longest.toMillis();
        this.random = random;
    }

    /** The pause before the next attempt: from half of it to the whole. */
    Duration next() {
        if (spreading > 0) {
            long pause = random.nextLong(spreading + 1);
            spreading = 0;
            return Duration.ofMillis(pause);
        }
        long most = Math.min(longest, first << Math.min(failures, MOST_DOUBLINGS));
        failures++;
        last = most / 2 + random.nextLong(most / 2 + 1);
        return Duration.ofMillis(last);
    }

    /** The next pause, once, is any up to this: the server spreads those whom it sends away. */
    void within(Duration spread) {
        spreading = spread.toMillis();
    }

    /** The last attempt has succeeded, and what it gave has lasted so long. */
    void lasted(Duration time) {
        if (time.toMillis() > last) {
            reset();
        }
    }

    void reset() {
        failures = 0;
        last = 0;
    }
}
