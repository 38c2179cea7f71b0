package dev.parley.protocol;

import java.util.Optional;
import java.util.concurrent.CompletionException;

/** A command that cannot be carried out, for a reason that its sender is told. It is no fault, so it has no stack. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    /** @param message a sentence, which whoever asked is told */
    public RefusedException(ErrorCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** With the sentence of the code. */
    public RefusedException(ErrorCode code) {
        this(code, code.sentence());
    }

    /**
     * The refusal that a stage failed with, itself or wrapped by the stages that depend on it; empty where it failed by
     * a fault.
     */
    public static Optional<RefusedException> in(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof RefusedException refused ? Optional.of(refused) : Optional.empty();
    }

    /** Of which kind the refusal is, and whether a later try may succeed. */
    public ErrorCode code() {
        return code;
    }

    /** What the sender is told. */
    public String reason() {
        String message = getMessage();
        return message == null ? code.sentence() : message;
    }
}
