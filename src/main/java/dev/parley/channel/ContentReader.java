package dev.parley.channel;

import dev.parley.log.ContentPiece;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Reads what one message says, a piece at a time, for somebody who may. Never blocks; thread-safe. */
@FunctionalInterface
public interface ContentReader {
    /**
     * Empty when the message is there no more; fails with {@code unavailable} when the log cannot be read.
     *
     * @param from the first byte, counted from 0
     * @param most bytes, fewer only where the end is; 0 asks for type and size alone
     */
    CompletionStage<Optional<ContentPiece>> read(long from, int most);
}
