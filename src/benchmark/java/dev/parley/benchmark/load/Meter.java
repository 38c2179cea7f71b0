package dev.parley.benchmark.load;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts what comes between the warming up and the end, and what processor time it took. */
final class Meter {
    private final long server;
    private final Histogram latencies = new Histogram();
    private long from;
    private long to;
    private long serverFrom;
    private long serverTo;
    private long ownFrom;
    private long ownTo;
    private long count;
    private long seen;
    private boolean running;

    Meter(long server) {
        this.server = server;
    }

    void start() {
        serverFrom = Cpu.micros(server);
        ownFrom = Cpu.own();
        from = System.nanoTime();
        running = true;
    }

    void stop() {
        running = false;
        to = System.nanoTime();
        serverTo = Cpu.micros(server);
        ownTo = Cpu.own();
    }

    /** Goes on until a message no longer gets cheaper for the server. */
    void warmUp(WarmUp.Work work, long nanoseconds) throws IOException {
        new WarmUp(() -> Cpu.micros(server), () -> seen).run(work, nanoseconds);
    }

    void took(long nanoseconds) {
        seen++;
        if (running) {
            count++;
            latencies.record(nanoseconds, 1);
        }
    }

    long count() {
        return count;
    }

    Map<String, Double> result() {
        if (count == 0) {
            throw new LoadException("Nothing came while it was measured");
        }
        Map<String, Double> result = new LinkedHashMap<>();
        double seconds = (to - from) / 1e9;
        result.put("count", (double) count);
        result.put("perSecond", count / seconds);
        result.put("serverMicros", (double) (serverTo - serverFrom) / count);
        result.put("serverCores", (serverTo - serverFrom) / seconds / 1e6);
        result.put("p50", latencies.percentile(50));
        result.put("p99", latencies.percentile(99));
        result.put("loadMicros", (double) (ownTo - ownFrom) / count);
        return result;
    }
}
