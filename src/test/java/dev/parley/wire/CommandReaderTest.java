package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Body;
import dev.parley.protocol.Command;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import dev.parley.protocol.Reply;
import dev.parley.protocol.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandReaderTest {
    private static final String LONGEST_CHANNEL = "c".repeat(200);

    @Test
    void connect_names_who_it_is_and_how_much_it_takes() {
        assertThat(
                        command(
                                "{\"id\":1,\"connect\":{\"token\":\"t\",\"secret\":\"s\",\"name\":\"Ann\",\"max-message\":32768}}"))
                .isEqualTo(new Command.Connect(
                        1, Optional.of("t"), Optional.of("s"), Optional.of("Ann"), OptionalInt.of(32768)));
        assertThat(command("{\"id\":0,\"connect\":{}}"))
                .isEqualTo(new Command.Connect(
                        0, Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty()));
    }

    @Test
    void subscribe_starts_now_or_after_a_position_or_with_history() {
        assertThat(command("{\"id\":2,\"subscribe\":{\"channel\":\"chat.lobby\"}}"))
                .isEqualTo(new Command.Subscribe(2, List.of(Start.now("chat.lobby")), false));
        assertThat(command("{\"id\":2,\"subscribe\":{\"channel\":\"chat.lobby\",\"history\":50}}"))
                .isEqualTo(new Command.Subscribe(2, List.of(Start.history("chat.lobby", 50)), false));
        assertThat(command("{\"id\":2,\"subscribe\":{\"channel\":\"chat.lobby\",\"after\":\"k3f9:41\"}}"))
                .isEqualTo(
                        new Command.Subscribe(2, List.of(Start.after("chat.lobby", new Position("k3f9", 41))), false));
    }

    @Test
    void an_array_subscribes_to_many_and_is_answered_as_one() {
        assertThat(command("{\"id\":2,\"subscribe\":[{\"channel\":\"a\"},{\"channel\":\"b\",\"history\":0}]}"))
                .isEqualTo(new Command.Subscribe(2, List.of(Start.now("a"), Start.history("b", 0)), true));
        assertThat(command("{\"id\":2,\"subscribe\":[{\"channel\":\"a\"}]}"))
                .isEqualTo(new Command.Subscribe(2, List.of(Start.now("a")), true));
    }

    @Test
    void publish_keeps_its_data_as_compact_json() {
        assertThat(
                        command(
                                "{ \"id\" : 3 , \"publish\" : {\"channel\":\"a\",\"key\":\"b1c2\",\"data\" : { \"x\" : [ 1.0 , null ] } } }"))
                .isEqualTo(new Command.Publish(3, "a", Optional.of("b1c2"), new Body.Json("{\"x\":[1.0,null]}")));
        assertThat(command("{\"id\":3,\"publish\":{\"data\":null,\"channel\":\"a\"}}"))
                .isEqualTo(new Command.Publish(3, "a", Optional.empty(), new Body.Json("null")));
    }

    @Test
    void the_other_commands() {
        assertThat(command("{\"id\":4,\"presence\":{\"channel\":\"a\"}}")).isEqualTo(new Command.Presence(4, "a"));
        assertThat(command("{\"id\":5,\"unsubscribe\":{\"channel\":\"a\"}}"))
                .isEqualTo(new Command.Unsubscribe(5, "a"));
        assertThat(command("{\"id\":6,\"refresh\":{\"token\":\"t\"}}")).isEqualTo(new Command.Refresh(6, "t"));
        assertThat(command("{\"ping\":{},\"id\":9007199254740991}"))
                .isEqualTo(new Command.Ping(9_007_199_254_740_991L));
    }

    @Test
    void what_a_command_does_not_know_is_passed_over() {
        assertThat(command("{\"id\":2,\"subscribe\":{\"channel\":\"a\",\"later\":{\"x\":[1]},\"history\":null}}"))
                .isEqualTo(new Command.Subscribe(2, List.of(Start.now("a")), false));
    }

    @Test
    void secrets_are_not_printed() {
        Command connect = command("{\"id\":1,\"connect\":{\"token\":\"tok-1\",\"secret\":\"sec-1\"}}");
        Command refresh = command("{\"id\":1,\"refresh\":{\"token\":\"tok-1\"}}");

        assertThat(connect.toString() + refresh).doesNotContain("tok-1", "sec-1");
        assertThat(new Reply.Connected(1, "c1", "ann", Optional.of("sec-1"), Optional.empty()).toString())
                .doesNotContain("sec-1");
    }

    @Test
    void several_lines_are_read_in_order_and_a_bad_one_harms_no_other() {
        List<Incoming> read =
                read("{\"id\":1,\r\"ping\":{}}\r\n\n  \n{\"id\":2,\"fly\":{}}\nnonsense\n{\"id\":4,\"ping\":{}}\n");

        assertThat(read).hasSize(4);
        assertThat(read.get(0)).isEqualTo(new Incoming.Accepted(new Command.Ping(1)));
        assertThat(rejected(read.get(1)).id()).hasValue(2);
        assertThat(rejected(read.get(1)).code()).isEqualTo(ErrorCode.UNKNOWN_COMMAND);
        assertThat(rejected(read.get(2)).id()).isEmpty();
        assertThat(rejected(read.get(2)).code()).isEqualTo(ErrorCode.MALFORMED);
        assertThat(read.get(3)).isEqualTo(new Incoming.Accepted(new Command.Ping(4)));
    }

    @Test
    void lines_behind_the_one_that_ends_the_reading_are_not_looked_at() {
        var lines =
                CommandReader.read("{\"id\":1,\"ping\":{}}\n".repeat(1_000_000)).iterator();

        assertThat(lines.next()).isEqualTo(new Incoming.Accepted(new Command.Ping(1)));
        assertThat(lines.hasNext()).isTrue();
    }

    @Test
    void an_empty_message_holds_no_command() {
        assertThat(read("")).isEmpty();
        assertThat(read("\n \r\n\t\n")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "\"text\"",
                "17",
                "null",
                "[]",
                "[{\"id\":1,\"ping\":{}}]",
                "{}",
                "{\"id\":1",
                "{\"id\":1,\"ping\":{}",
                "{\"id\":1,\"ping\":{}}}",
                "{\"id\":1,\"ping\":{}} {\"id\":2,\"ping\":{}}",
                "{\"id\":1,\"ping\":{}},",
                "{\"id\":1 \"ping\":{}}",
                "{'id':1,'ping':{}}",
                "{\"id\":1,\"ping\":{},}",
                "{\"id\":01,\"ping\":{}}",
                "{\"id\":+1,\"ping\":{}}",
                "{\"id\":NaN,\"ping\":{}}",
                "{\"id\":1,\"ping\":{}} // really",
                "\ufeff{\"id\":1,\"ping\":{}}",
                "{\"id\":1,\"ping\":{\"a\":\"\t\"}}",
                "{\"id\":1,\"ping\":{\"a\":\"\\x\"}}",
                "{\"id\":1,\"ping\":{\"a\":\"\\u12\"}}"
            })
    void whatIsNoCommandAtAllIsMalformed(String line) {
        assertThat(rejected(only(line)).code()).isEqualTo(ErrorCode.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ping\":{}}",
                "{\"id\":null,\"ping\":{}}",
                "{\"id\":\"1\",\"ping\":{}}",
                "{\"id\":-1,\"ping\":{}}",
                "{\"id\":1.0,\"ping\":{}}",
                "{\"id\":1e3,\"ping\":{}}",
                "{\"id\":9007199254740992,\"ping\":{}}",
                "{\"id\":99999999999999999999999999,\"ping\":{}}",
                "{\"id\":{},\"ping\":{}}",
                "{\"id\":true,\"ping\":{}}"
            })
    void anIdIsAWholeNumberThatEveryJsonReaderKeepsExactly(String line) {
        assertThat(rejected(only(line)))
                .isEqualTo(new Incoming.Rejected(
                        OptionalLong.empty(), ErrorCode.MALFORMED, "A command has an id: a whole number from 0 on."));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"id":7}                                                       | malformed       | A command has an id and one member named for the command.
            {"id":7,"ping":{},"presence":{}}                               | malformed       | A command has an id and one member named for the command.
            {"id":7,"ping":5}                                              | malformed       | ping must be an object.
            {"id":7,"ping":null}                                           | malformed       | ping must be an object.
            {"id":7,"ping":[]}                                             | malformed       | ping must be an object.
            {"id":7,"PING":{}}                                             | unknown-command | There is no such command.
            {"id":7,"":{}}                                                 | unknown-command | There is no such command.
            {"id":7,"data":{}}                                             | unknown-command | There is no such command.
            {"id":7,"presence":{}}                                         | malformed       | presence.channel must be text.
            {"id":7,"presence":{"channel":5}}                              | malformed       | presence.channel must be text.
            {"id":7,"presence":{"channel":null}}                           | malformed       | presence.channel must be text.
            {"id":7,"subscribe":[]}                                        | malformed       | subscribe names no channel.
            {"id":7,"subscribe":["a"]}                                     | malformed       | subscribe must be an object.
            {"id":7,"subscribe":{"channel":"a","history":-1}}              | malformed       | subscribe.history must be a whole number from 0 on.
            {"id":7,"subscribe":{"channel":"a","history":1.5}}             | malformed       | subscribe.history must be a whole number from 0 on.
            {"id":7,"subscribe":{"channel":"a","history":2147483648}}      | malformed       | subscribe.history must be a whole number from 0 on.
            {"id":7,"subscribe":{"channel":"a","after":"x"}}               | malformed       | subscribe.after must be a position.
            {"id":7,"subscribe":{"channel":"a","after":"X:1"}}             | malformed       | subscribe.after must be a position.
            {"id":7,"subscribe":{"channel":"a","after":"x:-1"}}            | malformed       | subscribe.after must be a position.
            {"id":7,"subscribe":{"channel":"a","after":"x:1","history":1}} | malformed       | subscribe has either after or history.
            {"id":7,"publish":{"channel":"a"}}                             | malformed       | publish.data must be there: any JSON value; bytes come in a binary message.
            {"id":7,"publish":{"data":1}}                                  | malformed       | publish.channel must be text.
            {"id":7,"publish":{"channel":"a","key":5,"data":1}}            | malformed       | publish.key must be text.
            {"id":7,"connect":{"max-message":"many"}}                      | malformed       | connect.max-message must be a whole number from 0 on.
            {"id":7,"connect":{"secret":17}}                               | malformed       | connect.secret must be text.
            {"id":7,"refresh":{}}                                          | malformed       | refresh.token must be text.
            """)
    void aCommandWithAFaultIsAnsweredByItsId(String line, String name, String sentence) {
        Incoming.Rejected rejected = rejected(only(line));

        assertThat(rejected.code().label()).isEqualTo(name);
        assertThat(rejected.id()).hasValue(7);
        assertThat(rejected.message()).isEqualTo(sentence);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":7,\"presence\":{\"channel\":\"\"}}",
                "{\"id\":7,\"presence\":{\"channel\":\"a b\"}}",
                "{\"id\":7,\"presence\":{\"channel\":\"a\\u0000\"}}",
                "{\"id\":7,\"presence\":{\"channel\":\"\\ud800\"}}",
                "{\"id\":7,\"presence\":{\"channel\":\"ä\"}}",
                "{\"id\":7,\"presence\":{\"channel\":\".a\"}}",
                "{\"id\":7,\"unsubscribe\":{\"channel\":\"a/b\"}}",
                "{\"id\":7,\"subscribe\":[{\"channel\":\"a\"},{\"channel\":\"*\"}]}"
            })
    void aChannelThatCannotBeIsToldWithTheRule(String line) {
        assertThat(only(line))
                .isEqualTo(invalidName("A channel is 1 to 200 letters, digits, '.', '_', '-' or '~', beginning with a"
                        + " letter or digit."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":7,\"publish\":{\"channel\":\"a\",\"key\":\"\",\"data\":1}}",
                "{\"id\":7,\"publish\":{\"channel\":\"a\",\"key\":\"a\\u0000b\",\"data\":1}}",
                "{\"id\":7,\"publish\":{\"channel\":\"a\",\"key\":\"\\udc00\",\"data\":1}}",
                "{\"id\":7,\"publish\":{\"channel\":\"a\",\"key\":\"a\\u2028b\",\"data\":1}}"
            })
    void aKeyThatCannotBeIsToldWithTheRule(String line) {
        assertThat(only(line)).isEqualTo(invalidName("A key is 1 to 200 printable characters."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":7,\"ping\":{},\"ping\":{}}",
                "{\"id\":7,\"publish\":{\"channel\":\"a\",\"data\":1,\"data\":2}}"
            })
    void aMemberThatIsThereTwiceMakesTheLineUnreadable(String line) {
        assertThat(rejected(only(line)).code()).isEqualTo(ErrorCode.MALFORMED);
        assertThat(rejected(only(line)).message()).isEqualTo("An object has the same member twice.");
    }

    @Test
    void names_may_be_as_long_as_their_bound_and_no_longer() {
        assertThat(command("{\"id\":1,\"presence\":{\"channel\":\"" + LONGEST_CHANNEL + "\"}}"))
                .isEqualTo(new Command.Presence(1, LONGEST_CHANNEL));
        assertThat(rejected(only("{\"id\":1,\"presence\":{\"channel\":\"" + LONGEST_CHANNEL + "c\"}}"))
                        .code())
                .isEqualTo(ErrorCode.INVALID_NAME);
        assertThat(command(keyed("k".repeat(200))))
                .isEqualTo(new Command.Publish(1, "a", Optional.of("k".repeat(200)), new Body.Json("1")));
        assertThat(rejected(only(keyed("k".repeat(201)))).code()).isEqualTo(ErrorCode.INVALID_NAME);
    }

    @Test
    void nesting_is_bounded_however_deep_the_text_is() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);

        assertThat(rejected(only("{\"id\":1,\"publish\":{\"channel\":\"a\",\"data\":" + deep + "}}"))
                        .code())
                .isEqualTo(ErrorCode.MALFORMED);
        assertThat(rejected(only("{\"id\":1,\"ping\":" + deep + "}")).code()).isEqualTo(ErrorCode.MALFORMED);
        assertThat(rejected(only("{\"id\":1,\"ping\":" + "{\"a\":".repeat(100_000)))
                        .code())
                .isEqualTo(ErrorCode.MALFORMED);
        assertThat(rejected(only("[".repeat(100_000))).code()).isEqualTo(ErrorCode.MALFORMED);
    }

    @Test
    void a_number_is_kept_as_it_was_written_and_one_of_a_million_digits_costs_nothing() {
        String kept = "7".repeat(997) + ".00";
        String digits = "7".repeat(1_000_000);

        assertThat(command("{\"id\":1,\"publish\":{\"channel\":\"a\",\"data\":" + kept + "}}"))
                .isEqualTo(new Command.Publish(1, "a", Optional.empty(), new Body.Json(kept)));
        assertThat(rejected(only("{\"id\":1,\"publish\":{\"channel\":\"a\",\"data\":" + digits + "}}"))
                        .code())
                .isEqualTo(ErrorCode.MALFORMED);
        assertThat(rejected(only("{\"id\":" + digits + ",\"ping\":{}}")).code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(rejected(only("{\"id\":1,\"connect\":{\"max-message\":" + digits + "}}"))
                        .code())
                .isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void what_a_rejection_says_holds_nothing_that_the_client_made_long() {
        Incoming.Rejected rejected =
                rejected(only("{\"id\":1,\"presence\":{\"channel\":\"" + "x".repeat(9_000) + "\"}}"));

        assertThat(rejected.message()).hasSizeLessThan(200);
    }

    private static Incoming invalidName(String sentence) {
        return new Incoming.Rejected(OptionalLong.of(7), ErrorCode.INVALID_NAME, sentence);
    }

    private static String keyed(String key) {
        return "{\"id\":1,\"publish\":{\"channel\":\"a\",\"key\":\"" + key + "\",\"data\":1}}";
    }

    private static List<Incoming> read(String message) {
        List<Incoming> all = new ArrayList<>();
        CommandReader.read(message).forEach(all::add);
        return all;
    }

    private static Incoming only(String line) {
        List<Incoming> all = read(line);
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private static Command command(String line) {
        Incoming incoming = only(line);
        assertThat(incoming).isInstanceOf(Incoming.Accepted.class);
        return ((Incoming.Accepted) incoming).command();
    }

    private static Incoming.Rejected rejected(Incoming incoming) {
        assertThat(incoming).isInstanceOf(Incoming.Rejected.class);
        return (Incoming.Rejected) incoming;
    }
}
