package dev.parley.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.opentest4j.AssertionFailedError;

/**
 * How long the kit waits for what shall come before a test fails: 30 seconds, or as many as the system property
 * {@code parley.test.patience} says.
 */
final class Patience {
    private static final long PAUSE_MILLIS = 10;
    private static final long USUAL_SECONDS = 30;

    private Patience() {}

    static Duration limit() {
        return Duration.ofSeconds(Long.getLong("parley.test.patience", USUAL_SECONDS));
    }

    /** For one answer, however soon a test wants to fail. */
    static Duration ofAnAnswer() {
        return Duration.ofSeconds(Math.max(limit().toSeconds(), USUAL_SECONDS));
    }

    /** Asks again and again, until the assertion holds or the patience is at its end; then it fails as the last time. */
    static <T> T until(Supplier<T> assertion) {
        long end = System.nanoTime() + limit().toNanos();
        while (true) {
            try {
                return assertion.get();
            } catch (AssertionFailedError e) {
                if (System.nanoTime() - end > 0) {
                    throw e;
                }
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("The test was interrupted", e);
    }
}
