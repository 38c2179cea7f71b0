package dev.parley.security;

/** Which WebSocket endpoints say that they let guests in, where nobody else does. Thread-safe. */
@FunctionalInterface
public interface GuestDoors {
    /** @param path below the application's root, as it was read */
    boolean isOpen(String path);
}
