package dev.parley.api;

import dev.parley.protocol.Message;
import java.util.List;

/**
 * What was said on a channel before some position.
 *
 * @param messages in order, without a hole; their bytes are mentioned only
 * @param more whether the channel still has what came before them
 */
public record HistoryPage(List<Message> messages, boolean more) {
    public HistoryPage {
        messages = List.copyOf(messages);
    }
}
