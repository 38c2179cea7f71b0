package dev.parley.benchmark.load;

import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * Warms a server up, whichever it is, until a message no longer gets cheaper: what its compiler still does is then the
 * least of what is measured. Connections are compiled too, after they were made, so this comes before each measurement.
 */
final class WarmUp {
    private static final int LEAST = 2;
    private static final int MOST = 20;

    /** So many parts that were not cheaper by a twentieth than the cheapest before are the end of it. */
    private static final int STEADY = 2;

    private static final double CHEAPER = 0.95;

    private final LongSupplier micros;
    private final LongSupplier messages;

    /** What is done to warm it up, for so many nanoseconds. */
    interface Work {
        void go(long nanoseconds) throws IOException;
    }

    /**
     * @param micros the server's processor time so far
     * @param messages how many have come so far
     */
    WarmUp(LongSupplier micros, LongSupplier messages) {
        this.micros = micros;
        this.messages = messages;
    }

    /** In parts, {@value #LEAST} of which take as long as is said, and {@value #MOST} at most. */
    void run(Work work, long nanoseconds) throws IOException {
        double cheapest = Double.MAX_VALUE;
        int steady = 0;
        for (int part = 0; part < MOST && steady < STEADY; part++) {
            double cost = cost(work, nanoseconds / LEAST);
            steady = cost < CHEAPER * cheapest ? 0 : steady + 1;
            cheapest = Math.min(cheapest, cost);
        }
    }

    private double cost(Work work, long nanoseconds) throws IOException {
        long microsBefore = micros.getAsLong();
        long messagesBefore = messages.getAsLong();
        work.go(nanoseconds);
        long came = messages.getAsLong() - messagesBefore;
        return came == 0 ? Double.MAX_VALUE : (double) (micros.getAsLong() - microsBefore) / came;
    }
}
