package dev.parley.protocol;

import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import jakarta.json.stream.JsonParserFactory;
import jakarta.json.stream.JsonParsingException;
import java.io.Reader;
import java.io.StringReader;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;

/**
 * JSON text (RFC 8259) as messages keep it: one line, without white space between its tokens. {@link Body#json} makes a body of
 * it.
 *
 * <p>A number stays the digits it was written in: made a {@code BigDecimal} and written again, {@code 1.0} would come
 * back as another text than was sent, and a number of a million digits would cost minutes.
 */
public final class JsonText {
    /** Parsson, unless it is told so, reads no deeper than 1,000, and says it by an exception that is no JSON-P's. */
    private static final JsonParserFactory PARSERS =
            jakarta.json.Json.createParserFactory(Map.of("org.eclipse.parsson.maxDepth", Integer.MAX_VALUE));

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private JsonText() {}

    /**
     * The same value without white space between its tokens.
     *
     * @throws RefusedException {@code malformed}, when the text is not one JSON value
     */
    public static String compact(String text) {
        return parse(new StringReader(text), parser -> {
            StringBuilder out = new StringBuilder(text.length());
            copy(parser, true, out);
            return out.toString();
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

    /**
     * What a reader makes of a text that is one JSON value.
     *
     * @param reading takes the whole value from the parser, and no more
     * @throws RefusedException {@code malformed}, when the text is anything else
     */
    public static <T> T parse(Reader text, Function<JsonParser, T> reading) {
        try (JsonParser parser = PARSERS.createParser(text)) {
            T result = reading.apply(parser);
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

    /**
     * Copies the parser's next value, without white space. How deep it is itself counts, and not what it stands in.
     *
     * @param bounded whether it must be such as may be published, see {@link JsonBounds}
     * @throws RefusedException {@code malformed}, when it is not
     */
    public static void copy(JsonParser parser, boolean bounded, StringBuilder out) {
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
