package dev.parley.chat;

import dev.parley.protocol.Body;
import dev.parley.protocol.RefusedException;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.websocket.Decoder;
import java.io.StringReader;
import java.util.Optional;

/** Reads <code>{"text":"hi","key":"…"}</code>; the key is optional. What it cannot read is a message too. */
public final class ChatMessageDecoder implements Decoder.Text<ChatMessage> {
    private static final int LONGEST = 64 * 1024;

    @Override
    public ChatMessage decode(String message) {
        if (message.length() > LONGEST) {
            return new ChatMessage.Unreadable("A message is at most " + LONGEST + " characters, as sent.");
        }
        try (JsonReader reader = RoomJson.PROVIDER.createReader(
                new StringReader(Body.json(message).text()))) {
            JsonObject object = reader.readObject();
            if (object.get("text") instanceof JsonString text) {
                Optional<String> key = object.get("key") instanceof JsonString string
                        ? Optional.of(string.getString())
                        : Optional.empty();
                return new ChatMessage.Draft(text.getString(), key);
            }
            return new ChatMessage.Unreadable("A message has a text.");
        } catch (RefusedException | JsonException | UnsupportedOperationException e) {
            // Parsson throws the last for a number of more than 1,100 digits.
            return new ChatMessage.Unreadable("A message is a JSON object with a text.");
        }
    }

    @Override
    public boolean willDecode(String message) {
        return true;
    }
}
