package dev.parley.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The time of a server under test: by it messages are stamped, and the age of history and keys is judged. It goes as this
 * machine's does until it is set, and from there it goes on. Tokens, time limits and pauses go by the machine's. Thread-safe.
 *
 * <p>What is too old for its {@code parley.channels.<namespace>.history-age} is gone some tenths of a second later:
 * {@link ChannelContents#awaitEmpty} waits for it.
 */
public final class TestClock implements InstantSource {
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    TestClock() {}

    @Override
    public Instant instant() {
        return Instant.now().plus(ahead.get());
    }

    /** It is so much later; earlier, where that is negative. */
    public void advance(Duration time) {
        ahead.accumulateAndGet(time, Duration::plus);
    }

    /** It is this time. */
    public void setTo(Instant time) {
        ahead.set(Duration.between(Instant.now(), time));
    }
}
