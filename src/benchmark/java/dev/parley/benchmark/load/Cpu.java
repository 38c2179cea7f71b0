package dev.parley.benchmark.load;

import java.time.Duration;

/** The processor time of a process so far, in microseconds. */
final class Cpu {
    private Cpu() {}

    static long micros(long pid) {
        Duration spent = ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new LoadException("No processor time is known of process " + pid));
        return spent.toNanos() / 1_000;
    }

    static long own() {
        return micros(ProcessHandle.current().pid());
    }
}
