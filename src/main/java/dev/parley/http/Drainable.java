package dev.parley.http;

/** A bean that can send a node's clients away before the node is stopped. */
public interface Drainable {
    /** Begins, and does not wait. A second time does nothing. */
    void beginDrain();

    Progress progress();

    /**
     * How far it is.
     *
     * @param stage {@code serving}, {@code waiting}, {@code sending} or {@code drained}
     * @param connections that are still there
     */
    record Progress(String stage, int connections) {}
}
