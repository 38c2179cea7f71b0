package dev.parley.channel;

import dev.parley.api.HistoryPage;
import java.util.concurrent.CompletionStage;

/** What was said before some position, for a reader who may have it; to read it may have to wait for its turn. */
public interface HistoryReader {
    /**
     * Fails with {@code not-found} where the position is of another life of the log.
     *
     * @param most bytes of JSON in all, but one message at least
     */
    CompletionStage<HistoryPage> read(int most);
}
