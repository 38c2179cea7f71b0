package dev.parley.server;

/**
 * A bean that has something to end in good order before the server's connections are cut: so that clients are told to
 * come back, and what was acknowledged is stored.
 */
@FunctionalInterface
public interface Drain {
    /** Called once, when no further WebSocket is opened. Must return within a few seconds. */
    void drain();
}
