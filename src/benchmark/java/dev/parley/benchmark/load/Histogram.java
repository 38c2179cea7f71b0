package dev.parley.benchmark.load;

/** Counts of latencies in nanoseconds, in buckets no wider than a 64th of what they hold. */
final class Histogram {
    private static final int BITS = 6;
    private static final int STEPS = 1 << BITS;

    private final long[] counts = new long[(Long.SIZE - BITS) * STEPS];
    private long total;

    void record(long nanoseconds, long times) {
        counts[bucket(Math.max(0, nanoseconds))] += times;
        total += times;
    }

    long total() {
        return total;
    }

    /** The least latency that so many of a hundred do not exceed, in milliseconds; NaN of none. */
    double percentile(double percent) {
        long rank = Math.max(1, (long) Math.ceil(total * percent / 100));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return upper(i) / 1e6;
            }
        }
        return Double.NaN;
    }

    private static int bucket(long value) {
        if (value < STEPS) {
            return (int) value;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - BITS;
        return (shift + 1) * STEPS + (int) (value >>> shift) - STEPS;
    }

    private static double upper(int bucket) {
        int shift = bucket / STEPS - 1;
        return shift < 0 ? bucket : (double) ((long) (bucket % STEPS + STEPS + 1) << shift) - 1;
    }
}
