package dev.parley.wire;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.JsonBounds;
import dev.parley.protocol.JsonText;
import dev.parley.protocol.RefusedException;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Objects of the wire, read by JSON-P's streaming parser.
 *
 * <p>A number stays the digits it was written in: made a {@code BigDecimal} and written again, {@code 1.0} would come
 * back as another text than was sent, and a number of a million digits would cost minutes.
 */
final class Json {
    private Json() {}

    /** A number, as it was written. */
    record Digits(String text) {}

    /** A value that was not looked into, as compact JSON. */
    record Raw(String text) {}

    /**
     * Reads an object's members: text, {@link Digits}, Boolean, {@link Map}, {@link List}, or null. What is raw may be of any
     * depth: it may have been stored when other bounds held.
     *
     * @param rawKey members of this name, however deep, are given as {@link Raw}
     * @param members holds afterwards what was read, also where the rest was refused
     * @throws RefusedException {@code malformed}
     */
    static void readObject(String text, String rawKey, Map<String, @Nullable Object> members) {
        MeteredText unmetered = new MeteredText(text, Integer.MAX_VALUE);
        readObject(unmetered, new Bounds(rawKey, Integer.MAX_VALUE, false), members);
    }

    /**
     * Reads an object's members in the same way, and no further than its bounds, in which what is raw is read too.
     *
     * @param text is read only as far as its bound, but for what is raw
     * @param mostElements of each array that is not raw
     * @param members holds afterwards what was read, also where the rest was refused
     * @throws RefusedException {@code malformed}, and {@code too-large} at the first character or element too many
     */
    static void readObject(MeteredText text, String rawKey, int mostElements, Map<String, @Nullable Object> members) {
        readObject(text, new Bounds(rawKey, mostElements, true), members);
    }

    private static void readObject(MeteredText text, Bounds bounds, Map<String, @Nullable Object> members) {
        Boolean unused = JsonText.parse(text, parser -> {
            if (parser.next() != Event.START_OBJECT) {
                throw new RefusedException(ErrorCode.MALFORMED, "A command is a JSON object.");
            }
            new Structure(parser, text, bounds).object(members, 1);
            return true;
        });
    }

    /** @param boundsRaw whether what is raw must be such as may be published */
    private record Bounds(String rawKey, int mostElements, boolean boundsRaw) {}

    /** What is read of an object, but for what is raw. */
    private record Structure(JsonParser parser, MeteredText text, Bounds bounds) {
        void object(Map<String, @Nullable Object> members, int depth) {
            JsonBounds.requireDepth(depth);
            while (parser.next() != Event.END_OBJECT) {
                String key = parser.getString();
                Object value = key.equals(bounds.rawKey()) ? raw() : value(parser.next(), depth);
                if (members.containsKey(key)) {
                    throw new RefusedException(ErrorCode.MALFORMED, "An object has the same member twice.");
                }
                members.put(key, value);
            }
        }

        private @Nullable Object value(Event event, int depth) {
            return switch (event) {
                case START_OBJECT -> {
                    Map<String, @Nullable Object> members = new LinkedHashMap<>();
                    object(members, depth + 1);
                    yield members;
                }
                case START_ARRAY -> array(depth + 1);
                case VALUE_STRING -> parser.getString();
                case VALUE_NUMBER -> new Digits(parser.getString());
                case VALUE_TRUE -> true;
                case VALUE_FALSE -> false;
                default -> null;
            };
        }

        private List<@Nullable Object> array(int depth) {
            JsonBounds.requireDepth(depth);
            List<@Nullable Object> elements = new ArrayList<>();
            for (Event event = parser.next(); event != Event.END_ARRAY; event = parser.next()) {
                if (elements.size() == bounds.mostElements()) {
                    throw new RefusedException(
                            ErrorCode.TOO_LARGE,
                            "An array of a command holds " + bounds.mostElements()
                                    + " elements at most: for more there are several commands.");
                }
                elements.add(value(event, depth));
            }
            return elements;
        }

        private Raw raw() {
            text.release();
            StringBuilder out = new StringBuilder();
            JsonText.copy(parser, bounds.boundsRaw(), out);
            text.bind();
            return new Raw(out.toString());
        }
    }
}
