package dev.parley.chat;

import static dev.parley.testing.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Identity;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a room takes, and what it makes of it. */
class ChatRulesTest {
    @Test
    void only_the_text_is_kept() {
        assertThat(filtered("{\"text\":\"hi\",\"html\":\"<b>\",\"n\":[1]}")).isEqualTo("{\"text\":\"hi\"}");
        assertThat(filtered("{\"text\":\"a\\u2028\\u0000\\\"\"}")).isEqualTo("{\"text\":\"a\\u2028\\u0000\\\"\"}");
        assertThat(filtered("{\"text\":\"one\",\"text\":\"two\"}")).isEqualTo("{\"text\":\"two\"}");
    }

    @Test
    void a_text_is_up_to_four_thousand_characters_however_many_code_units_they_take() {
        assertThat(filtered(text("😀".repeat(4_000)))).isEqualTo(text("😀".repeat(4_000)));
        assertTooLong(text("😀".repeat(4_001)));
        assertThat(filtered(text("\\ud83d\\ude00".repeat(4_000)))).isEqualTo(text("😀".repeat(4_000)));
        assertTooLong("{\"text\":\"a\",\"more\":\"" + "x".repeat(70_000) + "\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "1",
                "null",
                "\"hi\"",
                "[\"hi\"]",
                "{\"text\":null}",
                "{\"text\":5}",
                "{\"text\":{}}",
                "{\"TEXT\":\"hi\"}",
                "{\"text\":\"hi\"",
                ""
            })
    void whatIsNoTextIsRejected(String json) {
        assertRefused(() -> filtered(json), ErrorCode.REJECTED, "A message is an object with a text.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"text\":\"\"}", "{\"text\":\" \\n \"}"})
    void aBlankTextIsRejected(String json) {
        assertRefused(() -> filtered(json), ErrorCode.REJECTED, "A message has a text that is not blank.");
    }

    @Test
    void numbers_of_any_length_beside_the_text_are_rejected_and_no_fault() {
        assertRefused(
                () -> filtered("{\"text\":\"hi\",\"n\":" + "7".repeat(60_000) + "}"),
                ErrorCode.REJECTED,
                "A message is an object with a text.");
        assertThat(filtered("{\"text\":\"hi\",\"n\":1e999999999}")).isEqualTo("{\"text\":\"hi\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "89504e470d0a1a0a00,image/png",
        "ffd8ffe0,image/jpeg",
        "474946383961ff,image/gif",
        "474946383761,image/gif",
        "52494646000000005745425056502020,image/webp"
    })
    void an_image_is_what_its_bytes_say_and_not_what_it_is_called(String hex, String type) {
        Bytes bytes = Bytes.wrap(HexFormat.of().parseHex(hex));

        assertThat(new ChatRules().filter(Identity.SERVER, "chat.a", new Body.Binary("text/html", bytes)))
                .isEqualTo(new Body.Binary(type, bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8950", "89504e470d0a1a", "ffd8", "474946383861", "5249464600000000", "3c68746d6c3e"})
    void what_is_no_image_is_not_taken(String hex) {
        Body.Binary body =
                new Body.Binary("image/png", Bytes.wrap(HexFormat.of().parseHex(hex)));

        assertRefused(
                () -> new ChatRules().filter(Identity.SERVER, "chat.a", body),
                ErrorCode.UNSUPPORTED_TYPE,
                "A room takes PNG, JPEG, GIF and WebP images.");
    }

    @Test
    void a_page_dressed_as_an_image_is_stored_as_an_image() {
        byte[] bytes = "GIF89a<script>alert(1)</script>".getBytes(StandardCharsets.US_ASCII);

        assertThat(new ChatRules().filter(Identity.SERVER, "chat.a", new Body.Binary("text/html", Bytes.wrap(bytes))))
                .isEqualTo(new Body.Binary("image/gif", Bytes.wrap(bytes)));
    }

    private static String text(String text) {
        return "{\"text\":\"" + text + "\"}";
    }

    private static String filtered(String json) {
        return ((Body.Json) new ChatRules().filter(Identity.SERVER, "chat.a", new Body.Json(json))).text();
    }

    private static void assertTooLong(String json) {
        assertRefused(() -> filtered(json), ErrorCode.TOO_LARGE, "A message has at most 4000 characters.");
    }
}
