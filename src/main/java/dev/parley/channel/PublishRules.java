package dev.parley.channel;

import dev.parley.api.ChannelPattern;
import dev.parley.api.Identity;
import dev.parley.api.PublishFilter;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import java.util.List;

/**
 * What is asked of every message before it is queued, by whatever door it came: whether every client could read it, its size,
 * and the filters for its channel in their order.
 */
public final class PublishRules {
    private final int messageSize;
    private final List<Guarded> filters;

    private record Guarded(ChannelPattern channels, PublishFilter filter) {}

    /**
     * @param messageSize in bytes
     * @throws IllegalArgumentException when a filter is for channels that are none
     */
    public PublishRules(int messageSize, List<PublishFilter> filters) {
        this.messageSize = messageSize;
        this.filters = filters.stream()
                .map(filter -> new Guarded(ChannelPattern.of(filter.channels()), filter))
                .toList();
    }

    Body apply(Identity from, String channel, Body body) {
        body.requirePublishable();
        checkSize(body);
        Body accepted = body;
        for (Guarded guarded : filters) {
            if (guarded.channels().matches(channel)) {
                accepted = ChannelRules.ask(guarded.filter(), from, channel, accepted);
            }
        }
        if (accepted != body) {
            accepted.requirePublishable();
        }
        return accepted;
    }

    private void checkSize(Body body) {
        long size = body.size();
        if (size > messageSize) {
            throw new RefusedException(
                    ErrorCode.TOO_LARGE,
                    "The message has " + size + " bytes; the limit is " + messageSize
                            + " (parley.limits.message-size).");
        }
    }
}
