package dev.parley.protocol;

/** A command that cannot be carried out, for a reason that its sender is told. It is no fault, so it has no stack. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public RefusedException(ErrorCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    public RefusedException(ErrorCode code) {
        this(code, code.sentence());
    }

    public ErrorCode code() {
        return code;
    }

    /** What the sender is told. */
    public String reason() {
        String message = getMessage();
        return message == null ? code.sentence() : message;
    }
}
