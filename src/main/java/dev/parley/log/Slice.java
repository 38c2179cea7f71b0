package dev.parley.log;

import dev.parley.protocol.Message;
import java.util.List;

/**
 * Messages of one channel, in order, their offsets contiguous.
 *
 * @param head as it was when the messages were read; each of them is at its lineage's position
 */
public record Slice(Head head, List<Message> messages) {
    public Slice {
        messages = List.copyOf(messages);
    }
}
