package dev.parley.chat;

import dev.parley.endpoint.ChannelSessions;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import jakarta.websocket.EncodeException;
import jakarta.websocket.Session;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A room as one session has it: what it says is published, and it is told what became of that. */
record ChatRoom(ChannelSessions sessions, Session session) {
    private static final System.Logger LOGGER = System.getLogger(ChatRoom.class.getName());

    void say(ChatMessage message) {
        if (message instanceof ChatMessage.Draft draft) {
            publish(draft.key(), ChatRules.stored(draft.text()));
        } else if (message instanceof ChatMessage.Unreadable unreadable) {
            decline(new RefusedException(ErrorCode.MALFORMED, unreadable.reason()));
        }
    }

    /** The image's type is found by the room's rules, which look into it. */
    void show(Bytes image) {
        publish(Optional.empty(), new Body.Binary("application/octet-stream", image));
    }

    private void publish(Optional<String> key, Body body) {
        sessions.tryPublish(session, key, body).whenComplete((position, failure) -> answer(key, position, failure));
    }

    private void answer(Optional<String> key, @Nullable Position position, @Nullable Throwable failure) {
        if (position != null) {
            reply(new ChatMessage.Accepted(position, key));
        } else {
            decline(Optional.ofNullable(failure)
                    .flatMap(RefusedException::in)
                    .orElseGet(() -> new RefusedException(ErrorCode.INTERNAL)));
        }
    }

    private void decline(RefusedException reason) {
        reply(new ChatMessage.Declined(
                reason.code().code(),
                reason.code().label(),
                reason.reason(),
                reason.code().retry()));
    }

    private void reply(ChatMessage message) {
        try {
            sessions.reply(session, message);
        } catch (EncodeException e) {
            LOGGER.log(System.Logger.Level.WARNING, "A reply cannot be encoded", e);
        }
    }
}
