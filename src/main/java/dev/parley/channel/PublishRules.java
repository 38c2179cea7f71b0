package dev.parley.channel;

import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.security.Identity;
import java.util.List;

/**
 * What is asked of every message before it is queued: its size, and the filters of its namespace in their order.
 *
 * @param messageSize in bytes
 */
public record PublishRules(int messageSize, List<PublishFilter> filters) {
    public PublishRules {
        filters = List.copyOf(filters);
    }

    Body apply(Identity from, String channel, Body body) {
        checkSize(body);
        Body accepted = body;
        for (PublishFilter filter : filters) {
            if (belongsTo(channel, filter.namespace())) {
                accepted = filter.filter(from, channel, accepted);
            }
        }
        checkLine(accepted);
        return accepted;
    }

    private static boolean belongsTo(String channel, String namespace) {
        return channel.startsWith(namespace)
                && (channel.length() == namespace.length() || channel.charAt(namespace.length()) == '.');
    }

    /** The message would break every reader's line, or have no UTF-8 form: JSON in a string never needs to hold these. */
    private static void checkLine(Body body) {
        if (body instanceof Body.Json json && !isLine(json.text())) {
            throw new RefusedException(
                    ErrorCode.MALFORMED,
                    "The data must be compact JSON: control characters and halves of pairs escaped.");
        }
    }

    private static boolean isLine(String text) {
        return text.codePoints()
                .allMatch(c -> c >= ' ' && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE));
    }

    private void checkSize(Body body) {
        int size = body instanceof Body.Json json
                ? Encoded.Text.of(json.text()).size()
                : body instanceof Body.Binary binary ? binary.bytes().size() : 0;
        if (size > messageSize) {
            throw new RefusedException(
                    ErrorCode.TOO_LARGE,
                    "The message has " + size + " bytes; the limit is " + messageSize
                            + " (parley.limits.message-size).");
        }
    }
}
