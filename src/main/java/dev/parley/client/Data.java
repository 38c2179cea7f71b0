package dev.parley.client;

import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.JsonText;
import dev.parley.protocol.Message;
import dev.parley.protocol.RefusedException;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.Map;

/** What messages say, from and to the forms a program has it in. */
public final class Data {
    private static final JsonReaderFactory READERS = Json.createReaderFactory(Map.of());

    private Data() {}

    /** Any JSON. */
    public static Body of(JsonValue value) {
        return ofJson(value.toString());
    }

    /**
     * JSON as text, with or without white space.
     *
     * @throws RefusedException {@code malformed}, when it is not one JSON value
     */
    public static Body ofJson(String json) {
        return Body.json(json);
    }

    /** Plain text, which is stored as a JSON string. */
    public static Body ofText(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2);
        JsonText.quote(out, text);
        return new Body.Json(out.toString());
    }

    /**
     * Bytes of a media type. They are copied.
     *
     * @param type as {@code image/png}
     */
    public static Body ofBytes(String type, byte[] bytes) {
        return new Body.Binary(type, Bytes.wrap(bytes.clone()));
    }

    /**
     * The message's JSON.
     *
     * @throws IllegalArgumentException when it is of bytes, or of a depth or with numbers that JSON-P does not take, which a
     *     server of today lets nobody publish: {@link #jsonText} has it
     */
    public static JsonValue json(Message message) {
        try (JsonReader reader = READERS.createReader(new StringReader(jsonText(message)))) {
            return reader.readValue();
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) { // Parsson has exceptions of its own for these
            throw new IllegalArgumentException(
                    "The JSON of the message " + message.position() + " of " + message.channel() + " cannot be read",
                    e);
        }
    }

    /**
     * The message's JSON object.
     *
     * @throws IllegalArgumentException when it is anything else
     */
    public static JsonObject object(Message message) {
        if (json(message) instanceof JsonObject object) {
            return object;
        }
        throw other(message, "a JSON object");
    }

    /**
     * The message's plain text.
     *
     * @throws IllegalArgumentException when it is not a JSON string
     */
    public static String text(Message message) {
        if (json(message) instanceof JsonString text) {
            return text.getString();
        }
        throw other(message, "a JSON string");
    }

    /**
     * The message's JSON as it is written.
     *
     * @throws IllegalArgumentException when it is of bytes
     */
    public static String jsonText(Message message) {
        if (message.body() instanceof Body.Json json) {
            return json.text();
        }
        throw other(message, "JSON");
    }

    private static IllegalArgumentException other(Message message, String wanted) {
        return new IllegalArgumentException(
                "The message " + message.position() + " of " + message.channel() + " is not " + wanted + ".");
    }
}
