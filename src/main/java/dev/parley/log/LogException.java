package dev.parley.log;

/** The log could not do what it was asked to. */
public final class LogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What the caller may conclude. */
    public enum Kind {
        /** The store refuses this very content: nothing was stored, and trying the same again is no use. */
        REFUSED,
        /** The store is away or full: nothing was stored, and it may work later. */
        UNAVAILABLE,
        /** The commit was sent and no answer came: the batch is stored whole or not at all, and nobody knows which. */
        IN_DOUBT
    }

    private final Kind kind;

    public LogException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
