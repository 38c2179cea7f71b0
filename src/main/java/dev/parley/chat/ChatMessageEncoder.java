package dev.parley.chat;

import dev.parley.protocol.Member;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.websocket.Encoder;
import java.time.Instant;

/** Writes what a room says as one JSON object. Called once a message for all who are in the room. */
public final class ChatMessageEncoder implements Encoder.Text<ChatMessage> {
    @Override
    public String encode(ChatMessage message) {
        JsonObjectBuilder out = RoomJson.PROVIDER.createObjectBuilder();
        if (message instanceof ChatMessage.Said said) {
            stamp(out, said.position(), said.from(), said.at()).add("text", said.text());
        } else if (message instanceof ChatMessage.Shown shown) {
            stamp(out, shown.position(), shown.from(), shown.at())
                    .add("type", shown.type())
                    .add("image", shown.path());
        } else if (message instanceof ChatMessage.Joined joined) {
            out.add("join", member(joined.member()));
        } else if (message instanceof ChatMessage.Left left) {
            out.add("leave", member(left.member()));
        } else if (message instanceof ChatMessage.Crowd crowd) {
            out.add("members", crowd.count());
        } else if (message instanceof ChatMessage.Missed missed) {
            out.add("lost", missed.range().map(ChatMessageEncoder::range).orElse(JsonValue.EMPTY_JSON_OBJECT));
        } else if (message instanceof ChatMessage.Forgotten forgotten) {
            out.add("forgotten", range(forgotten.range()));
        } else if (message instanceof ChatMessage.Accepted accepted) {
            out.add("published", accepted.position().toString());
            accepted.key().ifPresent(key -> out.add("key", key));
        } else if (message instanceof ChatMessage.Declined declined) {
            out.add("error", error(declined));
        }
        return out.build().toString();
    }

    private static JsonObjectBuilder stamp(JsonObjectBuilder out, Position position, Member from, Instant at) {
        return out.add("position", position.toString())
                .add("from", member(from))
                .add("at", at.toString());
    }

    private static JsonValue member(Member member) {
        JsonObjectBuilder out = RoomJson.PROVIDER.createObjectBuilder().add("user", member.user());
        member.name().ifPresent(name -> out.add("name", name));
        return out.build();
    }

    private static JsonValue range(Push.Range range) {
        return RoomJson.PROVIDER
                .createObjectBuilder()
                .add("after", range.after().toString())
                .add("before", range.before().toString())
                .build();
    }

    private static JsonObjectBuilder error(ChatMessage.Declined declined) {
        return RoomJson.PROVIDER
                .createObjectBuilder()
                .add("code", declined.code())
                .add("name", declined.name())
                .add("message", declined.reason())
                .add("retry", declined.retry());
    }
}
