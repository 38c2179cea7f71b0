package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Body;
import dev.parley.protocol.Command;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Member;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.Reply;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Asking for older messages, and what comes of it, on the wire. */
class HistoryCommandTest {
    private static final Position PLACE = new Position("k3f9", 7);

    @Test
    void the_command_is_read_with_its_defaults() {
        assertThat(command("{\"id\":8,\"history\":{\"channel\":\"a\"}}"))
                .isEqualTo(new Command.History(8, "a", Optional.empty(), 50));
        assertThat(command("{\"id\":8,\"history\":{\"channel\":\"a\",\"before\":\"k3f9:7\",\"limit\":5000}}"))
                .isEqualTo(new Command.History(8, "a", Optional.of(PLACE), 1_000));
    }

    @Test
    void the_command_is_written_as_it_is_read() {
        Command asked = new Command.History(8, "a", Optional.of(PLACE), 20);

        assertThat(command(CommandWriter.write(asked))).isEqualTo(asked);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"id":8,"history":{}}                             | history.channel must be text.
            {"id":8,"history":{"channel":"a","limit":0}}      | history.limit must be a whole number from 1 on.
            {"id":8,"history":{"channel":"a","limit":-1}}     | history.limit must be a whole number from 0 on.
            {"id":8,"history":{"channel":"a","before":"7"}}   | history.before must be a position.
            {"id":8,"history":{"channel":"a","before":7}}     | history.before must be text.
            {"id":8,"history":[{"channel":"a"}]}              | history must be an object.
            """)
    void whatIsWrongIsSaid(String line, String sentence) {
        assertThat(CommandReader.read(line))
                .containsExactly(new Incoming.Rejected(OptionalLong.of(8), ErrorCode.MALFORMED, sentence));
    }

    @Test
    void a_channel_that_cannot_be_is_said_too() {
        assertThat(CommandReader.read("{\"id\":8,\"history\":{\"channel\":\"a b\"}}"))
                .containsExactly(
                        new Incoming.Rejected(
                                OptionalLong.of(8),
                                ErrorCode.INVALID_NAME,
                                "A channel is 1 to 200 letters, digits, '.', '_', '-' or '~', beginning with a letter or digit."));
    }

    @Test
    void the_reply_is_read_as_it_is_written() {
        Member ann = new Member("ann", Optional.of("Ann"));
        Instant noon = Instant.parse("2026-11-22T12:00:00.123Z");
        Reply reply = new Reply.History(
                8,
                "a",
                List.of(
                        new Message("a", PLACE, ann, noon, new Body.Json("{\"text\":\"hi\",\"data\":[1.0]}")),
                        new Message("a", PLACE.at(8), ann, noon, new Body.Reference("image/png", 5))),
                true);

        assertThat(WireWriter.write(reply))
                .isEqualTo("{\"id\":8,\"history\":{\"channel\":\"a\",\"messages\":["
                        + "{\"channel\":\"a\",\"position\":\"k3f9:7\",\"from\":{\"user\":\"ann\",\"name\":\"Ann\"},"
                        + "\"at\":\"2026-11-22T12:00:00.123Z\",\"data\":{\"text\":\"hi\",\"data\":[1.0]}},"
                        + "{\"channel\":\"a\",\"position\":\"k3f9:8\",\"from\":{\"user\":\"ann\",\"name\":\"Ann\"},"
                        + "\"at\":\"2026-11-22T12:00:00.123Z\",\"type\":\"image/png\",\"size\":5,"
                        + "\"content\":\"api/channels/a/messages/k3f9:8/content\"}],\"more\":true}}");
        assertThat(ServerReader.read(WireWriter.write(reply))).containsExactly(reply);
    }

    @Test
    void an_empty_past_is_an_empty_list() {
        Reply reply = new Reply.History(8, "a", List.of(), false);

        assertThat(WireWriter.write(reply))
                .isEqualTo("{\"id\":8,\"history\":{\"channel\":\"a\",\"messages\":[],\"more\":false}}");
        assertThat(ServerReader.read(WireWriter.write(reply))).containsExactly(reply);
    }

    private static Command command(String line) {
        return ((Incoming.Accepted) CommandReader.read(line).iterator().next()).command();
    }
}
