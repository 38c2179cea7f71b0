package dev.parley.log;

import java.time.Duration;

/** What each namespace retains, and for how long keys are remembered whatever the history. */
public interface RetentionPolicies {
    Retention of(String namespace);

    /** {@code parley.log.key-age}. */
    Duration keyAge();
}
