package dev.parley.protocol;

import java.security.SecureRandom;
import java.util.Optional;

/**
 * A place in a channel's log, written {@code epoch:offset}; opaque to clients.
 *
 * <p>The epoch names one life of a log. The hard case it is for: a log with the offsets 1, 2, 3 is lost and made anew
 * as 1 to 4; a client that comes back from 3 would be given only 4. With the epoch it is told that its place is gone.
 *
 * @param epoch 1 to 16 lower-case letters and digits; {@link #NO_EPOCH} before a channel's first message
 * @param offset 1 for a log's first message, 0 for the place before it
 */
public record Position(String epoch, long offset) {
    /** The epoch of a channel to which nothing was ever published: it has no row, and so no life of its own yet. */
    public static final String NO_EPOCH = "0";

    /** Where a channel stands to which nothing was ever published. Coming back from here misses nothing. */
    public static final Position NONE = new Position(NO_EPOCH, 0);

    private static final int EPOCH_LENGTH = 16;
    private static final int NEW_EPOCH_LENGTH = 8;
    private static final String EPOCH_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int OFFSET_DIGITS = 18;

    public Position {
        if (!isEpoch(epoch) || offset < 0) {
            throw new IllegalArgumentException("not a position: " + epoch + ":" + offset);
        }
    }

    /** A name for a life of a log that begins; never {@link #NO_EPOCH}, which is shorter. */
    public static String newEpoch() {
        StringBuilder epoch = new StringBuilder(NEW_EPOCH_LENGTH);
        for (int i = 0; i < NEW_EPOCH_LENGTH; i++) {
            epoch.append(EPOCH_CHARACTERS.charAt(RANDOM.nextInt(EPOCH_CHARACTERS.length())));
        }
        return epoch.toString();
    }

    /** Reads {@code epoch:offset}; empty when the text is anything else. */
    public static Optional<Position> parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        String epoch = text.substring(0, colon);
        String digits = text.substring(colon + 1);
        boolean number = !digits.isEmpty()
                && digits.length() <= OFFSET_DIGITS
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return number && isEpoch(epoch) ? Optional.of(new Position(epoch, Long.parseLong(digits))) : Optional.empty();
    }

    /** The place so many messages further on in the same life of the log. */
    public Position at(long otherOffset) {
        return new Position(epoch, otherOffset);
    }

    @Override
    public String toString() {
        return epoch + ":" + offset;
    }

    private static boolean isEpoch(String text) {
        return !text.isEmpty()
                && text.length() <= EPOCH_LENGTH
                && text.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
    }
}
