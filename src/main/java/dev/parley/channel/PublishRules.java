package dev.parley.channel;

import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Unicode;
import dev.parley.security.ChannelPattern;
import dev.parley.security.Identity;
import java.util.List;

/** What is asked of every message before it is queued: its size, and the filters for its channel in their order. */
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
                accepted = guarded.filter().filter(from, channel, accepted);
            }
        }
        accepted.requirePublishable();
        checkLine(accepted);
        return accepted;
    }

    /**
     * The message would break every reader's line, or have no UTF-8 form: JSON in a string never needs to hold these.
     */
    private static void checkLine(Body body) {
        if (body instanceof Body.Json json
                && !(json.text().chars().allMatch(c -> c >= ' ') && Unicode.isWellFormed(json.text()))) {
            throw new RefusedException(
                    ErrorCode.MALFORMED,
                    "The data must be compact JSON: control characters and halves of pairs escaped.");
        }
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
