package dev.parley.standalone;

/** The server cannot start; the message is one sentence for whoever starts it. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
