package dev.parley.http;

import java.util.List;

/** A bean that knows whether some part of the server can do its work. */
@FunctionalInterface
public interface Readiness {
    /** What it has looked at; answered from what is known, without waiting for anything. */
    List<Check> checks();

    /**
     * One thing looked at.
     *
     * @param name such as {@code log}
     * @param reason why it is down, for an operator; empty when up
     */
    record Check(String name, boolean up, String reason) {
        public static Check up(String name) {
            return new Check(name, true, "");
        }

        public static Check down(String name, String reason) {
            return new Check(name, false, reason);
        }
    }
}
