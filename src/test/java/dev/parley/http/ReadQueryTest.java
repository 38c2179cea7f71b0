package dev.parley.http;

import static dev.parley.testing.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import dev.parley.protocol.Start;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadQueryTest {
    private static final Position AT_41 = new Position("k3f9", 41);
    private static final Position AT_3 = new Position("7x", 3);

    @Test
    void without_after_one_reads_from_now_on_or_the_history() {
        assertThat(poll("channel=a&channel=b").starts()).containsExactly(Start.now("a"), Start.now("b"));
        assertThat(poll("channel=a&history=5").starts()).containsExactly(Start.history("a", 5));
    }

    @Test
    void one_channels_position_may_be_its_own_or_a_covering_one() {
        assertThat(poll("channel=a&after=k3f9:41").starts()).containsExactly(Start.after("a", AT_41));
        assertThat(poll("channel=a&after=a@k3f9:41").starts()).containsExactly(Start.after("a", AT_41));
        assertThat(poll("channel=a&after=").starts()).containsExactly(Start.now("a"));
    }

    @Test
    void a_covering_position_is_for_those_it_names_whatever_the_order() {
        assertThat(poll("channel=a&channel=b&channel=c&history=2&after=b@7x:3,a@k3f9:41,gone@1:1")
                        .starts())
                .containsExactly(Start.after("a", AT_41), Start.after("b", AT_3), Start.history("c", 2));
    }

    @Test
    void each_channel_may_have_a_position_or_none() {
        assertThat(poll("channel=a&channel=b&after=&after=7x:3&history=9").starts())
                .containsExactly(Start.history("a", 9), Start.after("b", AT_3));
        assertThat(poll("channel=a&channel=b&history=&history=7").starts())
                .containsExactly(Start.now("a"), Start.history("b", 7));
    }

    @Test
    void a_position_may_cover_presence_too() {
        ReadQuery query = poll("channel=a&channel=b&after=a@k3f9:41~p1:12,b@7x:3&presence=true");

        assertThat(query.presencePlaces()).isEqualTo(Map.of("a", new Position("p1", 12)));
        assertThat(poll("channel=a&after=k3f9:41~p1:12").presencePlaces())
                .isEqualTo(Map.of("a", new Position("p1", 12)));
    }

    @Test
    void the_id_of_the_last_event_wins_over_after() {
        Optional<String> query = Optional.of("channel=a&after=k3f9:41");

        assertThat(ReadQuery.stream(query, List.of("7x:3")).starts()).containsExactly(Start.after("a", AT_3));
        assertThat(ReadQuery.stream(query, List.of("")).starts()).containsExactly(Start.after("a", AT_41));
        assertThat(ReadQuery.stream(query, List.of()).starts()).containsExactly(Start.after("a", AT_41));
        assertThat(ReadQuery.stream(query, List.of("7x:3")).misplaced()).isFalse();
        assertThat(ReadQuery.stream(query, List.of("")).misplaced()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "a@", "k:-1", "b@k:1,", "k:1~", "\u00e4", "k:1 "})
    void an_id_of_the_last_event_that_is_no_position_begins_now_and_is_told(String id) {
        ReadQuery query = ReadQuery.stream(Optional.of("channel=a&after=k3f9:41&history=9"), List.of(id));

        assertThat(query.starts()).containsExactly(Start.now("a"));
        assertThat(query.misplaced()).isTrue();
        ReadQuery several = ReadQuery.stream(Optional.of("channel=a&channel=b&history=9"), List.of(id, "7x:3"));
        assertThat(several.starts()).containsExactly(Start.now("a"), Start.now("b"));
        assertThat(several.misplaced()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@", "a@k:1,a@k:2", "@k:1", "a@k:1,"})
    void a_covering_position_that_no_answer_gave_is_refused(String after) {
        assertMalformed(
                "channel=a&after=" + after,
                "The position '" + after + "' is none that an answer gave, such as a@k3f9:41,b@7x:3.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"k:1~", "k:1~p", "K:1", "k:-1", "k:1\r\nid: 7"})
    void a_position_that_no_answer_gave_is_refused(String after) {
        assertMalformed(
                "channel=a&after=" + after.replace("\r\n", "%0d%0a"),
                "'" + after + "' is no position, such as k3f9:41.");
    }

    @Test
    void what_is_there_too_often_or_is_too_much_is_refused() {
        assertMalformed(
                "channel=a&channel=b&after=k:1&after=k:2&after=k:3",
                "The parameter after is there once, or as often as channel.");
        assertMalformed(
                "channel=a&channel=b&history=1&history=2&history=3",
                "The parameter history is there once, or as often as channel.");
        assertMalformed(
                "channel=a&history=1000001", "The parameter history is a number from 0 to 1000000, not '1000001'.");
        assertMalformed("channel=a&presence=FULL", "The parameter presence is true or false.");
        assertMalformed("channel=a&channel=a", "A channel is named twice.");
    }

    @Test
    void nobody_reads_more_than32_channels_at_once() {
        assertThat(poll(channels(32)).starts()).hasSize(32);
        assertMalformed(channels(33), "The parameter channel names 1 to 32 channels.");
        assertMalformed("", "The parameter channel names 1 to 32 channels.");
    }

    @Test
    void what_a_covering_position_says_is_read_again() {
        String text = "a@k3f9:41~p1:12,b@7x:3";

        assertThat(ReadPosition.text(ReadPosition.parseAll(text).orElseThrow())).isEqualTo(text);
    }

    @Test
    void a_look_back_is_one_where_before_is_there() {
        assertThat(ReadQuery.isBack(Optional.of("limit=1&before="))).isTrue();
        assertThat(ReadQuery.isBack(Optional.of("beforehand=1"))).isFalse();
        assertThat(ReadQuery.back("a", Optional.of("before=k3f9:41&limit=7")).before())
                .contains(AT_41);
        assertThat(ReadQuery.back("a", Optional.of("before=k3f9:41&limit=7")).limit())
                .isEqualTo(7);
        assertRefused(
                () -> ReadQuery.back("a", Optional.of("before=&after=k:1")),
                ErrorCode.MALFORMED,
                "There is no parameter 'after' here.");
    }

    private static void assertMalformed(String query, String sentence) {
        assertRefused(() -> poll(query), ErrorCode.MALFORMED, sentence);
    }

    private static String channels(int count) {
        return IntStream.range(0, count).mapToObj(i -> "channel=c" + i).collect(Collectors.joining("&"));
    }

    private static ReadQuery poll(String query) {
        return ReadQuery.poll(Optional.empty(), Optional.of(query));
    }
}
