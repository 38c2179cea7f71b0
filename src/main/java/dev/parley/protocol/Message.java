package dev.parley.protocol;

import java.time.Instant;

/**
 * What was published, as every subscriber sees it. Its key is known only to the log: it belongs to the publisher.
 *
 * @param channel its name, 1 to 200 characters; see {@link Names#isChannel}
 * @param at when the server took it, to the millisecond; the order is the position's, not the clock's
 */
public record Message(String channel, Position position, Member from, Instant at, Body body) implements Push.OfChannel {
    /** Where its content is over HTTP, relative to the context root: {@code api/channels/chat.lobby/messages/k3f9:59/content}. */
    public String contentPath() {
        return contentPath(channel, position);
    }

    /** Where the content of the message at this position is, as {@link #contentPath()}. */
    public static String contentPath(String channel, Position position) {
        return "api/channels/" + channel + "/messages/" + position + "/content";
    }

    /** The same message with the type, size and path of its content instead of that. */
    public Message mentioned() {
        return new Message(channel, position, from, at, body.mention());
    }
}
