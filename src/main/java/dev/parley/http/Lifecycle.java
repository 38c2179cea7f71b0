package dev.parley.http;

import java.util.List;

/** How far the life of this node is, as an operator sees it: whether clients may be sent here, and sending them away. */
public interface Lifecycle {
    /** What was looked at; answered from what is known, without waiting for anything. */
    List<Check> checks();

    /** Begins to send the clients away before the node is stopped, and does not wait. A second time does nothing. */
    void beginDrain();

    Progress progress();

    /**
     * One thing looked at.
     *
     * @param name such as {@code log}
     * @param reason why it is down, or what an operator should know though it is up; empty when all is well
     */
    record Check(String name, boolean up, String reason) {
        public static Check up(String name) {
            return new Check(name, true, "");
        }

        public static Check down(String name, String reason) {
            return new Check(name, false, reason);
        }
    }

    /**
     * How far the sending away is.
     *
     * @param stage {@code serving}, {@code waiting}, {@code sending} or {@code drained}
     * @param connections that are still there
     */
    record Progress(String stage, int connections) {}
}
