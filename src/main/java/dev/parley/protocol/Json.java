package dev.parley.protocol;

import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import jakarta.json.stream.JsonParserFactory;
import jakarta.json.stream.JsonParsingException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * JSON text (RFC 8259) read by JSON-P's streaming parser and kept as text.
 *
 * <p>A number stays the digits it was written in: made a {@code BigDecimal} and written again, {@code 1.0} would come
 * back as another text than was sent, and a number of a million digits would cost minutes.
 */
public final class Json {
    /** Parsson, unless it is told so, reads no deeper than 1,000, and says it by an exception that is no JSON-P's. */
    private static final JsonParserFactory PARSERS =
            jakarta.json.Json.createParserFactory(Map.of("org.eclipse.parsson.maxDepth", Integer.MAX_VALUE));

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Json() {}

    /** A number, as it was written. */
    record Digits(String text) {}

    /** A value that was not looked into, as compact JSON. */
    record Raw(String text) {}

    /**
     * The same value without white space between its tokens.
     *
     * @throws RefusedException {@code malformed}, when the text is not one JSON value
     */
    public static String compact(String text) {
        return parsing(new StringReader(text), parser -> {
            StringBuilder out = new StringBuilder(text.length());
            copy(parser, true, out);
            return out.toString();
        });
    }

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
        Boolean unused = parsing(text, parser -> {
            if (parser.next() != Event.START_OBJECT) {
                throw new RefusedException(ErrorCode.MALFORMED, "A command is a JSON object.");
            }
            new Structure(parser, text, bounds).object(members, 1);
            return true;
        });
    }

    /**
     * Appends the text as a JSON string. A half of a surrogate pair, which has no UTF-8 form, is written as an escape,
     * and so are the line separators that end a line in other readers.
     */
    public static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f || c == 0x2028 || c == 0x2029) {
                escape(out, c);
            } else if (Character.isSurrogate(c)) {
                i += surrogate(out, text, i);
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /** Copies a pair, or escapes a half; answers how many characters were taken beyond the first. */
    private static int surrogate(StringBuilder out, String text, int index) {
        if (index + 1 < text.length() && Character.isSurrogatePair(text.charAt(index), text.charAt(index + 1))) {
            out.append(text, index, index + 2);
            return 1;
        }
        escape(out, text.charAt(index));
        return 0;
    }

    private static void escape(StringBuilder out, char c) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(HEX[(c >> shift) & 0xf]);
        }
    }

    private interface Reading<T> {
        T from(JsonParser parser);
    }

    private static <T> T parsing(Reader text, Reading<T> reading) {
        try (JsonParser parser = PARSERS.createParser(text)) {
            T result = reading.from(parser);
            if (parser.hasNext()) {
                throw new RefusedException(ErrorCode.MALFORMED, "There is more than one JSON value in the line.");
            }
            return result;
        } catch (JsonParsingException e) {
            throw new RefusedException(
                    ErrorCode.MALFORMED,
                    "Not JSON: something is wrong at column " + e.getLocation().getColumnNumber() + ".");
        } catch (NoSuchElementException e) {
            throw new RefusedException(ErrorCode.MALFORMED, "Not JSON: the text ends too early.");
        }
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
            copy(parser, bounds.boundsRaw(), out);
            text.bind();
            return new Raw(out.toString());
        }
    }

    /** Copies the next value; how deep it is itself counts, and not what it stands in. */
    private static void copy(JsonParser parser, boolean bounded, StringBuilder out) {
        int depth = 0;
        boolean comma = false;
        while (true) {
            Event event = parser.next();
            boolean closing = event == Event.END_OBJECT || event == Event.END_ARRAY;
            if (comma && !closing) {
                out.append(',');
            }
            int begin = out.length();
            copyToken(parser, event, out);
            boolean opening = event == Event.START_OBJECT || event == Event.START_ARRAY;
            depth += opening ? 1 : closing ? -1 : 0;
            if (bounded) {
                JsonBounds.requireDepth(depth);
                if (event == Event.VALUE_NUMBER) {
                    JsonBounds.requireNumber(out, begin, out.length());
                }
            }
            comma = !opening && event != Event.KEY_NAME;
            if (depth == 0 && event != Event.KEY_NAME) {
                return;
            }
        }
    }

    private static void copyToken(JsonParser parser, Event event, StringBuilder out) {
        switch (event) {
            case START_OBJECT -> out.append('{');
            case END_OBJECT -> out.append('}');
            case START_ARRAY -> out.append('[');
            case END_ARRAY -> out.append(']');
            case KEY_NAME -> {
                quote(out, parser.getString());
                out.append(':');
            }
            case VALUE_STRING -> quote(out, parser.getString());
            case VALUE_NUMBER -> out.append(parser.getString());
            case VALUE_TRUE -> out.append("true");
            case VALUE_FALSE -> out.append("false");
            case VALUE_NULL -> out.append("null");
        }
    }
}
