package dev.parley.client;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The thread on which listeners are called. Only so many calls wait for it; whoever brings another waits then, so that a
 * slow listener stops the reading from the server, and the server keeps what is still to come in its log.
 */
final class Dispatcher implements AutoCloseable {
    private static final int WAITING = 256;
    private static final System.Logger LOGGER = System.getLogger(Dispatcher.class.getName());

    private final BlockingQueue<Runnable> calls = new ArrayBlockingQueue<>(WAITING);
    private final Thread thread = new Thread(this::run, "parley-client-listeners");
    private volatile boolean closed;

    Dispatcher() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits for room; nothing is called any more once this is closed. */
    void call(Runnable call) {
        try {
            while (!closed && !calls.offer(call, 1, TimeUnit.SECONDS)) {
                LOGGER.log(System.Logger.Level.TRACE, "A listener takes its time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What waits is still called. */
    @Override
    public void close() {
        call(() -> closed = true);
    }

    private void run() {
        try {
            while (!closed) {
                guarded(calls.take());
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    private static void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.ERROR, "A listener failed", e);
        }
    }
}
