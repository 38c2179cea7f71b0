package dev.parley.protocol;

import static dev.parley.testing.Refusals.assertRefused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            { "a" : [ 1 , 2 ] , "b" : { } } | {"a":[1,2],"b":{}}
            [ [ ] , [ { } ] , null ]        | [[],[{}],null]
            1.0                             | 1.0
            -0.0e+10                        | -0.0e+10
            "a b"                           | "a b"
            " \\/ "                         | " / "
            "\\u0041\\n"                    | "A\\u000a"
            "\\u0000"                       | "\\u0000"
            "\\ud800"                       | "\\ud800"
            "\\ud83d\\ude00"                | "😀"
            "\\u2028"                       | "\\u2028"
            {"a":1,"a":2}                   | {"a":1,"a":2}
            true                            | true
            """)
    void compactLeavesOutWhatSaysNothing(String text, String expected) {
        assertThat(JsonText.compact(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "tru", "{", "[1,", "1 2", "{} {}", "[1]]", "\"a", "{\"a\"}", "\u00a01", "nul\u0000"})
    void whatIsNotOneValueIsMalformed(String text) {
        assertThatThrownBy(() -> JsonText.compact(text))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.MALFORMED));
    }

    @Test
    void a_hundred_levels_are_read_and_no_more() {
        String hundred = "[".repeat(100) + "]".repeat(100);

        assertThat(JsonText.compact(hundred)).isEqualTo(hundred);
        assertRefused(() -> JsonText.compact("[" + hundred + "]"), ErrorCode.MALFORMED, "JSON may be nested 100 deep.");
    }

    @Test
    void compact_json_has_the_value_of_what_it_was_made_from() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            value(random, text, 0);

            String compact = JsonText.compact(text.toString());

            assertThat(parsed(compact)).as("seed %d", seed).isEqualTo(parsed(text.toString()));
            assertThat(JsonText.compact(compact)).as("seed %d", seed).isEqualTo(compact);
            assertThat(compact.chars().filter(c -> c < ' ' || c == 0x2028 || c == 0x2029))
                    .as("seed %d", seed)
                    .isEmpty();
            assertThat(UTF_8.newEncoder().canEncode(compact))
                    .as("seed %d", seed)
                    .isTrue();
        }
    }

    private static JsonValue parsed(String text) {
        try (var reader = jakarta.json.Json.createReader(new StringReader(text))) {
            return reader.readValue();
        }
    }

    private static void value(Random random, StringBuilder out, int depth) {
        space(random, out);
        switch (random.nextInt(depth > 4 ? 5 : 8)) {
            case 0 -> out.append("true");
            case 1 -> out.append("null");
            case 2 -> out.append(random.nextInt(2_000) - 1_000);
            case 3 -> out.append(random.nextGaussian());
            case 4 -> text(random, out);
            case 5, 6 -> object(random, out, depth);
            default -> array(random, out, depth);
        }
        space(random, out);
    }

    private static void object(Random random, StringBuilder out, int depth) {
        out.append('{');
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            out.append(i > 0 ? "," : "");
            space(random, out);
            text(random, out);
            space(random, out);
            out.append(':');
            value(random, out, depth + 1);
        }
        space(random, out);
        out.append('}');
    }

    private static void array(Random random, StringBuilder out, int depth) {
        out.append('[');
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            out.append(i > 0 ? "," : "");
            value(random, out, depth + 1);
        }
        space(random, out);
        out.append(']');
    }

    private static void text(Random random, StringBuilder out) {
        out.append('"');
        int length = random.nextInt(8);
        for (int i = 0; i < length; i++) {
            switch (random.nextInt(6)) {
                case 0 -> out.append("\\").append("\"\\/bfnrt".charAt(random.nextInt(8)));
                case 1 -> out.append(String.format(Locale.ROOT, "\\u%04x", random.nextInt(0x10000)));
                case 2 -> out.append("\\ud83d\\ude00");
                case 3 -> out.appendCodePoint(0x80 + random.nextInt(0x5000));
                default -> out.append((char) ('#' + random.nextInt(50)));
            }
        }
        out.append('"');
    }

    private static void space(Random random, StringBuilder out) {
        out.append(random.nextInt(3) == 0 ? "\r\n\t " : "");
    }
}
