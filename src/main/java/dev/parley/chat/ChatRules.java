package dev.parley.chat;

import dev.parley.api.Identity;
import dev.parley.api.PublishFilter;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.JsonText;
import dev.parley.protocol.RefusedException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.JsonException;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.io.StringReader;

/**
 * What a room takes, by whichever door it comes: <code>{"text":"…"}</code> of 1 to 4,000 characters, or an image. Other
 * members of the object are left out; an image's type is what its bytes say.
 */
@ApplicationScoped
public class ChatRules implements PublishFilter {
    private static final int LONGEST = 4_000;

    /** Every character may have been written as two escapes of six. */
    private static final int LONGEST_JSON = 64 * 1024;

    @Override
    public String namespace() {
        return "chat";
    }

    @Override
    public Body filter(Identity from, String channel, Body body) {
        if (body instanceof Body.Json json) {
            return text(json);
        }
        if (body instanceof Body.Binary binary) {
            String type = Images.type(binary.bytes())
                    .orElseThrow(() -> new RefusedException(
                            ErrorCode.UNSUPPORTED_TYPE, "A room takes PNG, JPEG, GIF and WebP images."));
            return new Body.Binary(type, binary.bytes());
        }
        throw new RefusedException(ErrorCode.UNSUPPORTED_TYPE);
    }

    private static Body text(Body.Json json) {
        if (json.text().length() > LONGEST_JSON) {
            throw tooLong();
        }
        String text = read(json.text());
        if (text.isBlank()) {
            throw new RefusedException(ErrorCode.REJECTED, "A message has a text that is not blank.");
        }
        if (text.codePointCount(0, text.length()) > LONGEST) {
            throw tooLong();
        }
        return stored(text);
    }

    /** A text as it stands in the log. */
    static Body stored(String text) {
        StringBuilder out = new StringBuilder(text.length() + 12).append("{\"text\":");
        JsonText.quote(out, text);
        return new Body.Json(out.append('}').toString());
    }

    private static String read(String json) {
        try (JsonReader reader = RoomJson.PROVIDER.createReader(new StringReader(json))) {
            JsonStructure value = reader.read();
            if (value.getValueType() == JsonValue.ValueType.OBJECT
                    && value.asJsonObject().get("text") instanceof JsonString text) {
                return text.getString();
            }
        } catch (JsonException | UnsupportedOperationException e) {
            // Parsson throws the latter for a number of more than 1,100 digits.
            throw new RefusedException(ErrorCode.REJECTED, "A message is an object with a text.");
        }
        throw new RefusedException(ErrorCode.REJECTED, "A message is an object with a text.");
    }

    private static RefusedException tooLong() {
        return new RefusedException(ErrorCode.TOO_LARGE, "A message has at most " + LONGEST + " characters.");
    }
}
