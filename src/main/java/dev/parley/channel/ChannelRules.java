package dev.parley.channel;

import dev.parley.api.ChannelPolicy;
import dev.parley.api.Identity;
import dev.parley.api.PublishFilter;
import dev.parley.concurrent.FailureLog;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import java.util.Objects;

/**
 * How a team's policy and filters are asked. What one throws that is no refusal is a fault: one warning names its class and the
 * channel (of one place in the code thirty a minute, since a client can provoke them), and whoever asked is told {@code
 * internal}. Thread-safe.
 */
final class ChannelRules {
    private static final FailureLog FAILURES =
            FailureLog.ofEach(System.getLogger(ChannelRules.class.getName()), System.Logger.Level.WARNING);

    private ChannelRules() {}

    /** Asks this policy. */
    static ChannelPolicy asking(ChannelPolicy policy) {
        return (identity, action, channel) -> {
            try {
                return policy.allows(identity, action, channel);
            } catch (RuntimeException | Error e) {
                throw refusal("The policy ", policy, channel, e);
            }
        };
    }

    /** What the filter makes of a message. */
    static Body ask(PublishFilter filter, Identity from, String channel, Body body) {
        try {
            return Objects.requireNonNull(
                    filter.filter(from, channel, body), "The filter has returned null, and no body");
        } catch (RuntimeException | Error e) {
            throw refusal("The filter ", filter, channel, e);
        }
    }

    private static RefusedException refusal(String kind, Object rule, String channel, Throwable failure) {
        if (failure instanceof RefusedException refused) {
            return refused;
        }
        String what = kind + type(rule).getName() + " has failed";
        FAILURES.failed(what, what + " for the channel " + channel, failure);
        return new RefusedException(ErrorCode.INTERNAL);
    }

    /** CDI gives a class of its own that stands for a bean's. */
    private static Class<?> type(Object rule) {
        Class<?> type = rule.getClass();
        while (type.isSynthetic() && type.getSuperclass() != null && type.getSuperclass() != Object.class) {
            type = type.getSuperclass();
        }
        return type;
    }
}
