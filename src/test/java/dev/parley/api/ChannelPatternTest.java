package dev.parley.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelPatternTest {
    @ParameterizedTest(name = "{0} {2} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            chat.lobby | chat.lobby | yes
            chat.lobby | chat.lobby2 | no
            chat.lobby2 | chat.lobby | no
            chat.* | chat.lobby | yes
            chat.* | chat.a.b | no
            chat.* | chat | no
            chat.* | chat. | yes
            chat.** | chat.a.b | yes
            ** | a.b.c | yes
            * | a | yes
            * | a.b | no
            *.open | chat.open | yes
            *.open | chat.a.open | no
            **.open | chat.a.open | yes
            chat.staff-* | chat.staff-1 | yes
            chat.staff-* | chat.stuff-1 | no
            a*a.b | aaa.b | yes
            **a*.b | x.a.a1.b | yes
            **a*.b | x.a.b.b | no
            **.* | a.b | yes
            **.*.c | a.b.c | yes
            """)
    void aPatternMeansChannels(String pattern, String channel, String whether) {
        assertThat(ChannelPattern.of(pattern).matches(channel)).isEqualTo(whether.equals("yes"));
    }

    @Test
    void several_are_separated_by_commas() {
        ChannelPattern pattern = ChannelPattern.of("chat.a, orders.**");

        assertThat(pattern.matches("chat.a")).isTrue();
        assertThat(pattern.matches("orders.x.y")).isTrue();
        assertThat(pattern.matches("chat.b")).isFalse();
    }

    @Test
    void a_namespace_is_itself_and_all_below() {
        ChannelPattern chat = ChannelPattern.ofNamespace("chat");

        assertThat(chat.matches("chat")).isTrue();
        assertThat(chat.matches("chat.a.b")).isTrue();
        assertThat(chat.matches("chats.a")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a,,b", ",", "***", "a***", "a b", "a[b]", "a\u0000", "ä", "(a+)+"})
    void what_is_no_pattern_is_refused(String text) {
        assertNone(text);
    }

    @Test
    void a_pattern_is_as_long_as_its_bound_and_no_longer() {
        assertThat(ChannelPattern.of("a".repeat(250)).matches("a".repeat(250))).isTrue();
        assertNone("a".repeat(251));
    }

    private static void assertNone(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelPattern.of(text))
                .withMessage(
                        "a pattern is 1 to 250 letters, digits, '.', '_', '-', '~', '*' (anything but a dot) or '**'"
                                + " (anything)");
    }

    /** Against the regular expression that says the same. */
    @Test
    void ten_thousand_random_patterns_mean_what_their_regular_expressions_do() {
        Random random = new Random(42);
        String[] pieces = {"a", "b", ".", "*", "**"};
        for (int i = 0; i < 10_000; i++) {
            StringBuilder pattern = new StringBuilder();
            StringBuilder regex = new StringBuilder();
            String last = "";
            for (int j = 1 + random.nextInt(7); j > 0; j--) {
                String piece = pieces[random.nextInt(last.startsWith("*") ? 3 : pieces.length)];
                pattern.append(piece);
                regex.append(piece.equals("**") ? ".*" : piece.equals("*") ? "[^.]*" : Pattern.quote(piece));
                last = piece;
            }
            StringBuilder channel = new StringBuilder();
            for (int j = random.nextInt(9); j > 0; j--) {
                channel.append(pieces[random.nextInt(3)]);
            }

            assertThat(ChannelPattern.of(pattern.toString()).matches(channel.toString()))
                    .as("%s %s", pattern, channel)
                    .isEqualTo(channel.toString().matches(regex.toString()));
        }
    }

    /** With a backtracking regular expression this would be some 10^14 steps. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void no_name_of_a_channel_makes_it_slow() {
        ChannelPattern pattern = ChannelPattern.of("**a**a**a**a**a**a**a**a**b");

        assertThat(pattern.matches("a".repeat(200))).isFalse();
    }
}
