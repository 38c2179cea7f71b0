package dev.parley.wire;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import java.io.Reader;

/**
 * A text that is given to a parser no further than to a bound, so that who sent it learns that it is too long before the
 * rest of it has cost anything. Parts of it can be let through uncounted. Used by one thread.
 */
final class MeteredText extends Reader {
    private final String text;
    private final int most;
    private int given;
    private int uncounted;
    private int releasedAt = -1;

    /** @param most characters, but for what is let through */
    MeteredText(String text, int most) {
        this.text = text;
        this.most = most;
    }

    /** What comes now is not counted; a parser has looked ahead of it by no more than its buffer. */
    void release() {
        releasedAt = given;
    }

    /** What comes now is counted again. */
    void bind() {
        uncounted += given - releasedAt;
        releasedAt = -1;
    }

    /** @throws RefusedException {@code too-large} */
    @Override
    public int read(char[] into, int offset, int length) {
        int left = text.length() - given;
        if (left == 0) {
            return -1;
        }
        int allowed = releasedAt < 0 ? Math.min(left, Math.max(0, most - (given - uncounted))) : left;
        if (allowed == 0) {
            throw new RefusedException(
                    ErrorCode.TOO_LARGE, "A command has " + most + " characters at most, beside its data.");
        }
        int count = Math.min(length, allowed);
        text.getChars(given, given + count, into, offset);
        given += count;
        return count;
    }

    @Override
    public void close() {
        // It holds nothing
    }
}
