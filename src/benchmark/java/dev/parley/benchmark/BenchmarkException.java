package dev.parley.benchmark;

/** A measurement cannot be made, or what came of it is wrong. */
final class BenchmarkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BenchmarkException(String message) {
        super(message);
    }
}
