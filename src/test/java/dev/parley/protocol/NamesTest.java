package dev.parley.protocol;

import static dev.parley.testing.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "7", "chat.lobby", "A-b_c~d.e", "a..b", "a."})
    void a_channel_is_ascii_letters_digits_and_four_marks(String text) {
        assertThat(Names.isChannel(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".a", "-a", "~a", "_a", "a/b", "a b", "a%", "ä", "a\u0000", "a\n", "١", "a:b", "*"})
    void a_channel_is_nothing_else(String text) {
        assertThat(Names.isChannel(text)).isFalse();
    }

    @Test
    void a_namespace_is_what_stands_before_the_first_dot() {
        assertThat(Names.namespace("chat.lobby.a")).isEqualTo("chat");
        assertThat(Names.namespace("chat")).isEqualTo("chat");
        assertThat(Names.namespace("chat.")).isEqualTo("chat");
    }

    @ParameterizedTest
    @ValueSource(strings = {"k", "a b", "ключ", "\ud83d\ude00", "\ud83e\udee8", "👩‍👩‍👧"})
    void a_key_a_user_and_a_display_name_are_printable(String text) {
        assertThat(Names.isKey(text)).isTrue();
        assertThat(Names.isUser(text)).isTrue();
        assertThat(Names.isDisplayName(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\u2003",
                "a\u0000",
                "a\u0007",
                "a\u0085",
                "\ud800",
                "\udc00a",
                "a\u2028",
                "a\u2029",
                "a\u202eb",
                "a\u2066b",
                "a\uffff",
                "a\ufdd0"
            })
    void what_a_database_or_a_reader_could_choke_on_is_not(String text) {
        assertThat(Names.isKey(text)).isFalse();
        assertThat(Names.isUser(text)).isFalse();
        assertThat(Names.isDisplayName(text)).isFalse();
    }

    @Test
    void each_has_its_bound() {
        assertThat(Names.isKey("k".repeat(200))).isTrue();
        assertThat(Names.isKey("k".repeat(201))).isFalse();
        assertThat(Names.isUser("u".repeat(200))).isTrue();
        assertThat(Names.isUser("u".repeat(201))).isFalse();
        assertThat(Names.isDisplayName("n".repeat(100))).isTrue();
        assertThat(Names.isDisplayName("n".repeat(101))).isFalse();
        assertThat(Names.isType("a/" + "b".repeat(125))).isTrue();
        assertThat(Names.isType("a/" + "b".repeat(126))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "image/png",
                "text/plain;charset=utf-8",
                "text/plain; charset=\"utf-8\"",
                "text/plain ; a=b",
                "application/vnd.a.b+json"
            })
    void a_type_is_a_media_type(String text) {
        assertThat(Names.isType(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "a",
                "a/",
                "/b",
                "a/ ",
                "a/ b",
                "a /b",
                "a/b/c",
                "a;b/c",
                "a/;b",
                "a/b;\u0000",
                "a/b;\r\n",
                "a/b;ä",
                "a/b\n",
                "ä/b",
                "a/b,c/d"
            })
    void what_is_no_media_type_is_no_type(String text) {
        assertThat(Names.isType(text)).isFalse();
    }

    @Test
    void a_refusal_says_which_rule_is_broken() {
        assertRefused(
                () -> Names.requireChannel("a b"),
                ErrorCode.INVALID_NAME,
                "A channel is 1 to 200 letters, digits, '.', '_', '-' or '~', beginning with a letter or digit.");
        assertRefused(
                () -> Names.requireKey(Optional.of("\u0000")),
                ErrorCode.INVALID_NAME,
                "A key is 1 to 200 printable characters.");
        assertThat(Names.requireChannel("a")).isEqualTo("a");
        assertThat(Names.requireKey(Optional.of("k"))).contains("k");
        assertThat(Names.requireKey(Optional.empty())).isEmpty();
    }

    @Test
    void a_position_is_read_as_it_is_written() {
        assertThat(Position.parse("k3f9:41")).hasValue(new Position("k3f9", 41));
        assertThat(Position.parse(new Position("0", 0).toString())).hasValue(Position.NONE);
        assertThat(Position.parse("abcdefgh12345678:999999999999999999"))
                .hasValue(new Position("abcdefgh12345678", 999_999_999_999_999_999L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "a:",
                ":1",
                "a",
                "a:b",
                "a:-1",
                "a:+1",
                "A:1",
                "a:1:2",
                "a:1 ",
                " a:1",
                "ä:1",
                "a:١",
                "a:1000000000000000000",
                "abcdefgh123456789:1"
            })
    void what_is_no_position_is_empty(String text) {
        assertThat(Position.parse(text)).isEmpty();
    }
}
