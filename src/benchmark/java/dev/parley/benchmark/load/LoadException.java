package dev.parley.benchmark.load;

/** A server has not done as it should, or cannot be reached. */
final class LoadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LoadException(String message) {
        super(message);
    }
}
