package dev.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What is refused is refused for a reason: the code that programs look at, and the sentence that people read. */
public final class Refusals {
    private Refusals() {}

    /** With the code's own sentence. */
    public static void assertRefused(ThrowingCallable action, ErrorCode code) {
        assertRefused(action, code, code.sentence());
    }

    public static void assertRefused(ThrowingCallable action, ErrorCode code, String sentence) {
        assertThatThrownBy(action).isInstanceOfSatisfying(RefusedException.class, refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.reason()).isEqualTo(sentence);
        });
    }

    /** Why it has failed by now; fails the test where it has not. */
    public static RefusedException refusal(CompletionStage<?> result) {
        try {
            Object unexpected = result.toCompletableFuture().getNow(null);
            throw new AssertionError("not refused: " + unexpected);
        } catch (CompletionException e) {
            return (RefusedException) e.getCause();
        }
    }
}
