package dev.parley.benchmark.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * A server's tie to the one who started it: it ends with it, however that ends, since its standard input ends then; and
 * each line of input is answered with {@code memory} and the bytes of heap that are alive.
 */
final class Lifeline {
    private static final int COLLECTIONS = 3;

    private Lifeline() {}

    static void hold() {
        Thread thread = new Thread(Lifeline::answer, "lifeline");
        thread.setDaemon(true);
        thread.start();
    }

    /** Says where it listens, and stays. */
    @SuppressWarnings("SystemOut") // the one who started it reads it there
    static void serving(int port) throws InterruptedException {
        hold();
        System.out.println("listening " + port);
        Thread.currentThread().join();
    }

    @SuppressWarnings("SystemOut")
    private static void answer() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (in.readLine() != null) {
                for (int i = 0; i < COLLECTIONS; i++) {
                    System.gc();
                }
                System.out.println("memory "
                        + ManagementFactory.getMemoryMXBean()
                                .getHeapMemoryUsage()
                                .getUsed());
            }
        } catch (IOException e) {
            // as if it had ended
        }
        Runtime.getRuntime().halt(1);
    }
}
