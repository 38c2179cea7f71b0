package dev.parley.grizzly;

import java.util.Set;

/** Jakarta REST resources, whatever runs them. */
public interface Resources {
    /** What they are below, without slashes at the ends; empty: all that nothing else answers. */
    Set<String> paths();

    /** Whether a team's code answers, which may take its time. */
    boolean areForeign();

    /** Makes of them what a server takes: its own class of handlers. */
    <T> T as(Class<T> handler);

    /** Answers a request within what resources expect around it. */
    void within(Answering answering) throws Exception;

    /** Answers one request. */
    @FunctionalInterface
    interface Answering {
        void run() throws Exception;
    }
}
