package dev.parley.security;

/** A token bucket: so many a second in the long run, so many at once. Not thread-safe. */
public final class RateLimit {
    private static final double NANOS = 1e9;

    private final double perNano;
    private final double burst;
    private double tokens;
    private long filledAt;

    /**
     * @param perSecond 0 is no limit
     * @param now as {@link System#nanoTime}
     */
    public RateLimit(int perSecond, int burst, long now) {
        this.perNano = perSecond / NANOS;
        this.burst = burst;
        this.tokens = burst;
        this.filledAt = now;
    }

    /** Takes one; false when there is none. */
    public boolean take(long now) {
        return take(now, 1);
    }

    /** Takes so many; false when there are fewer, and then none is taken. */
    public boolean take(long now, long count) {
        if (perNano == 0) {
            return true;
        }
        tokens = Math.min(burst, tokens + (now - filledAt) * perNano);
        filledAt = now;
        if (tokens < count) {
            return false;
        }
        tokens -= count;
        return true;
    }

    /** Gives back what was taken for nothing. */
    public void give(long count) {
        tokens = Math.min(burst, tokens + count);
    }
}
