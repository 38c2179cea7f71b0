package dev.parley.arquillian;

import java.util.Optional;

/**
 * A Java agent that ends its process with the one that started it, however that one ends: killed too, a test leaves no
 * server behind. It loads nothing but the JDK's, so that it goes with any server.
 */
public final class Lifeline {
    private Lifeline() {}

    /** @param options the process to end with, by its number */
    public static void premain(String options) {
        Optional<ProcessHandle> tester = ProcessHandle.of(Long.parseLong(options));
        Thread thread = new Thread(() -> end(tester), "lifeline");
        thread.setDaemon(true);
        thread.start();
    }

    private static void end(Optional<ProcessHandle> tester) {
        tester.ifPresent(process -> process.onExit().join());
        Runtime.getRuntime().halt(1);
    }
}
