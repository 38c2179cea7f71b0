package dev.parley.testing;

import java.time.Duration;
import java.util.SplittableRandom;

/** What befalls one connection of a {@link ChaosProxy}, one trouble after the other; the same for the same seed. */
final class ChaosFate {
    private final ChaosStorm storm;
    private final SplittableRandom random;

    /**
     * One trouble.
     *
     * @param after nanoseconds of life before it
     * @param lasting nanoseconds, of a stall or of delays
     * @param up, down whether it is of the way to the server, of the way to the client
     * @param delay nanoseconds by which each read is held back
     */
    record Trouble(long after, ChaosProxy.Deed deed, long lasting, boolean up, boolean down, long delay) {}

    ChaosFate(ChaosStorm storm, SplittableRandom random) {
        this.storm = storm;
        this.random = random;
    }

    Trouble next() {
        long after = between(storm.shortestLife(), storm.longestLife());
        int ways = random.nextInt(3);
        return new Trouble(
                after,
                deed(random.nextInt(100)),
                between(Duration.ofMillis(10), storm.longestStall()),
                ways != 1,
                ways != 2,
                between(Duration.ofMillis(1), storm.longestDelay()));
    }

    private static ChaosProxy.Deed deed(int percent) {
        if (percent < 25) {
            return ChaosProxy.Deed.CUT;
        } else if (percent < 50) {
            return ChaosProxy.Deed.RESET;
        }
        return percent < 75 ? ChaosProxy.Deed.STALLED : ChaosProxy.Deed.DELAYED;
    }

    private long between(Duration least, Duration most) {
        return least.toNanos() + random.nextLong(Math.max(1, most.toNanos() - least.toNanos()));
    }
}
