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
    void aChannelIsAsciiLettersDigitsAndFourMarks(String text) {
        assertThat(Names.isChannel(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".a", "-a", "~a", "_a", "a/b", "a b", "a%", "ä", "a\u0000", "a\n", "١", "a:b", "*"})
    void aChannelIsNothingElse(String text) {
        assertThat(Names.isChannel(text)).isFalse();
    }

    @Test
    void aNamespaceIsWhatStandsBeforeTheFirstDot() {
        assertThat(Names.namespace("chat.lobby.a")).isEqualTo("chat");
        assertThat(Names.namespace("chat")).isEqualTo("chat");
        assertThat(Names.namespace("chat.")).isEqualTo("chat");
    }

    @ParameterizedTest
    @ValueSource(strings = {"k", "a b", "ключ", "\ud83d\ude00", "\ud83e\udee8", "👩‍👩‍👧"})
    void aKeyAUserAndADisplayNameArePrintable(String text) {
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
    void whatADatabaseOrAReaderCouldChokeOnIsNot(String text) {
        assertThat(Names.isKey(text)).isFalse();
        assertThat(Names.isUser(text)).isFalse();
        assertThat(Names.isDisplayName(text)).isFalse();
    }

    @Test
    void eachHasItsBound() {
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
    void aTypeIsAMediaType(String text) {
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
    void whatIsNoMediaTypeIsNoType(String text) {
        assertThat(Names.isType(text)).isFalse();
    }

    @Test
    void aRefusalSaysWhichRuleIsBroken() {
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
    void aPositionIsReadAsItIsWritten() {
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
    void whatIsNoPositionIsEmpty(String text) {
        assertThat(Position.parse(text)).isEmpty();
    }
}
