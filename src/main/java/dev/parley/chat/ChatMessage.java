package dev.parley.chat;

import dev.parley.protocol.Body;
import dev.parley.protocol.Member;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.time.Instant;
import java.util.Optional;

/** What is said in a room, and what the room says. */
public sealed interface ChatMessage {

    /** What a client wants to say. */
    record Draft(String text, Optional<String> key) implements ChatMessage {}

    /** What a client sent that is no draft. */
    record Unreadable(String reason) implements ChatMessage {}

    /** Somebody said something. */
    record Said(Position position, Member from, Instant at, String text) implements ChatMessage {}

    /**
     * Somebody showed an image.
     *
     * @param path where it is, relative to the context root
     */
    record Shown(Position position, Member from, Instant at, String type, String path) implements ChatMessage {}

    record Joined(Member member) implements ChatMessage {}

    record Left(Member member) implements ChatMessage {}

    /** How many are in a room of many. */
    record Crowd(int count) implements ChatMessage {}

    /** Messages that are gone from the history before this client could have them. */
    record Missed(Optional<Push.Range> range) implements ChatMessage {}

    /** Messages that this client has, or may have, and that the log has forgotten. */
    record Forgotten(Push.Range range) implements ChatMessage {}

    /** The log has the client's own message. */
    record Accepted(Position position, Optional<String> key) implements ChatMessage {}

    /** The client's own message was not taken. */
    record Declined(int code, String name, String reason, boolean retry) implements ChatMessage {}

    /** What a push is in a room; empty where a room does not show it. */
    static Optional<ChatMessage> of(Push push) {
        ChatMessage message = null;
        if (push instanceof Message published) {
            message = of(published);
        } else if (push instanceof Push.Join join) {
            message = new Joined(join.member());
        } else if (push instanceof Push.Leave leave) {
            message = new Left(leave.member());
        } else if (push instanceof Push.Members members) {
            message = new Crowd(members.count());
        } else if (push instanceof Push.Lost lost) {
            message = new Missed(lost.range());
        } else if (push instanceof Push.Forgotten forgotten) {
            message = new Forgotten(forgotten.range());
        }
        return Optional.ofNullable(message);
    }

    private static ChatMessage of(Message message) {
        if (message.body() instanceof Body.Json json) {
            return new Said(message.position(), message.from(), message.at(), text(json));
        }
        String path = message.contentPath();
        return new Shown(
                message.position(), message.from(), message.at(), message.body().type(), path);
    }

    /** The text of what is stored, which the room's rules let in. */
    private static String text(Body.Json stored) {
        try (JsonReader reader = RoomJson.PROVIDER.createReader(new StringReader(stored.text()))) {
            JsonObject object = reader.readObject();
            return object.get("text") instanceof JsonString text ? text.getString() : "";
        } catch (JsonException e) {
            return "";
        }
    }
}
