package dev.parley.testkit;

import dev.parley.settings.Quantities;
import dev.parley.settings.SettingException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.opentest4j.AssertionFailedError;

/**
 * How long the kit waits for what shall come before a test fails: 30 seconds, or as many as the system property
 * {@code parley.test.patience} says; with a unit ({@code 500ms}, {@code 2m}, {@code PT30S}) of that.
 */
final class Patience {
    private static final long PAUSE_MILLIS = 10;
    private static final Duration USUAL = Duration.ofSeconds(30);
    private static final String SETTING = "parley.test.patience";

    private Patience() {}

    static Duration limit() {
        return of(System.getProperty(SETTING, ""));
    }

    /** @throws SettingException when the text is neither empty nor a duration */
    static Duration of(String text) {
        if (text.isBlank()) {
            return USUAL;
        }
        boolean seconds = text.chars().allMatch(c -> c >= '0' && c <= '9');
        return Quantities.duration(seconds ? text + "s" : text)
                .orElseThrow(
                        () -> new SettingException(SETTING, text, "a number of seconds, or a duration, such as 2m,"));
    }

    /** For one answer, however soon a test wants to fail. */
    static Duration ofAnAnswer() {
        return limit().compareTo(USUAL) < 0 ? USUAL : limit();
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
