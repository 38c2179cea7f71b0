package dev.parley.protocol;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a cursor shall start: after a position, or before so many of the newest messages, or from now on.
 *
 * @param after the last message that the reader has; empty: see {@code history}
 * @param history how many of the newest messages come first, 0 or more; empty, without {@code after}: none. A reader has
 *     either this or {@code after}, which holds where both are there
 */
public record Start(String channel, Optional<Position> after, OptionalInt history) {
    /** Only what is published from now on. */
    public static Start now(String channel) {
        return new Start(channel, Optional.empty(), OptionalInt.empty());
    }

    /** What follows a position, as far as the channel still holds it; {@link Position#NONE}: all that it holds. */
    public static Start after(String channel, Position position) {
        return new Start(channel, Optional.of(position), OptionalInt.empty());
    }

    /** So many of the newest messages, or as many as the channel holds, and then what is published. */
    public static Start history(String channel, int size) {
        return new Start(channel, Optional.empty(), OptionalInt.of(size));
    }
}
