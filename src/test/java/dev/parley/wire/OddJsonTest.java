package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Body;
import dev.parley.protocol.Command;
import dev.parley.protocol.Member;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON at its bounds and beyond: the same by every door, read by clients, and refused by the command's id. */
class OddJsonTest {
    private static final String DEEPEST = "[".repeat(100) + "]".repeat(100);
    private static final String LONGEST_NUMBER = "1".repeat(1_000);

    @ParameterizedTest
    @ValueSource(strings = {"deepest", "number", "exponent"})
    void what_one_door_takes_every_door_takes_and_clients_read(String kind) {
        String data = switch (kind) {
            case "deepest" -> DEEPEST;
            case "number" -> LONGEST_NUMBER;
            default -> "-1.5E+9999";
        };

        assertThat(Body.json(data).text()).isEqualTo(data);
        new Body.Json(data).requirePublishable();
        assertThat(only("{\"id\":1,\"publish\":{\"channel\":\"a\",\"data\":" + data + "}}"))
                .isEqualTo(new Incoming.Accepted(new Command.Publish(1, "a", Optional.empty(), new Body.Json(data))));
        Message message = message(data);
        assertThat(ServerReader.read(WireWriter.write(message))).containsExactly(message);
        Reply history = new Reply.History(1, "a", List.of(message), false);
        assertThat(ServerReader.read(WireWriter.write(history))).containsExactly(history);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deeper", "number", "exponent"})
    void what_one_door_refuses_every_door_refuses_by_the_command_s_id(String kind) {
        String data = switch (kind) {
            case "deeper" -> "[" + DEEPEST + "]";
            case "number" -> LONGEST_NUMBER + "1";
            default -> "1e10000";
        };

        assertThat(refusal(() -> Body.json(data)))
                .isEqualTo(refusal(() -> new Body.Json(data).requirePublishable()))
                .isEqualTo(rejected("{\"id\":7,\"publish\":{\"channel\":\"a\",\"data\":" + data + "}}", 7))
                .isEqualTo(rejected("{\"publish\":{\"channel\":\"a\",\"data\":" + data + "},\"id\":7}", 7));
    }

    /** The mark stands for too much of something. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":7,\"publish\":{\"channel\":\"a\",\"data\":[1,}}",
                "{\"id\":7,\"publish\":{\"channel\":\"a\",\"data\":\"unended}}",
                "{\"id\":7,",
                "{\"id\" : 7 , \"id\":8,\"ping\":{}}",
                "{\"ping\":{\"id\":1,\"x\":[\"}]\\\"\",{}]}, \"ping\":{}, \"id\":7}",
                "{\"ping\":{\"a\":1,\"a\":2},\"id\":7}",
                "{\"ping\":nonsense,\"id\":7}",
                "{\"ping\":'\"',\"id\":\"}\",\"id\":7}",
                "{\"id\":7,\"ping\":{}} {}",
                "{\"id\":7,\"nothing\":{}}",
                "{\"id\":7,\"subscribe\":[]}",
                "{\"id\":7,\"subscribe\":[1]}",
                "{\"id\":7,\"history\":{\"channel\":\"a\",\"limit\":99999999999999999999}}",
                "{\"subscribe\":[#],\"id\":7}",
                "{\"connect\":{\"name\":\"#\"},\"connect\":{},\"id\":7}",
                "{\"publish\":{\"channel\":\"#\",\"data\":1},\"id\":7}"
            })
    void an_error_carries_the_id_wherever_it_can_be_read(String line) {
        String whole = line.replace("#", line.contains("[#]") ? "{},".repeat(5_000) + "{}" : "x".repeat(200_000));

        if (line.contains("'")) {
            assertThat(((Incoming.Rejected) only(whole)).id()).isEmpty(); // whatever it is, that is no id
        } else {
            rejected(whole, 7);
        }
    }

    @Test
    void an_error_to_bytes_carries_the_id_too() {
        String begun = "{\"id\":7,\"publish\":{\"channel\":\"a\",\"type\":\"image/png\",\"x\":\"";

        assertThat(((Incoming.Rejected) bytes(begun + "x".repeat(10_000))).id()).hasValue(7);
        assertThat(((Incoming.Rejected) bytes(begun + "\u00e4\n")).id()).hasValue(7);
        assertThat(((Incoming.Rejected) CommandReader.read(
                                ByteBuffer.wrap((begun + "\u00e4\"}}\n").getBytes(StandardCharsets.ISO_8859_1))))
                        .id())
                .hasValue(7);
        assertThat(((Incoming.Rejected) bytes("no newline")).id()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "{", "[1,", "[1,]", "{\"a\":1,}", "{\"a\"}", "{a:1}", "1 2", "{} {}", "[1]]", "\"a", "\"\\x\"",
                "\"\\u12g4\"", "01", "-", "1.", "1e", ".5", "+1", "nul", "truer", "[\n1]", "\"\t\"", "\"\ud800\"",
                        "NaN",
                "{\"a\" 1}", "[1 2]", "}", "]"
            })
    void a_program_publishes_nothing_that_is_not_json_of_one_line(String text) {
        assertThat(refusal(() -> new Body.Json(text).requirePublishable())).startsWith("malformed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0.5e-3",
                "\"\"",
                "null",
                "[]",
                "{}",
                "{ \"a\" : [ 1 , true , { } ] }",
                "\"\ud83d\ude00\\ud800\\n\"",
                " 1 ",
                "[[],{\"a\":{\"a\":[]}},false]"
            })
    void a_program_publishes_json_with_blanks_in_it_as_ever(String text) {
        new Body.Json(text).requirePublishable();
    }

    private static Message message(String data) {
        return new Message(
                "a", new Position("k", 1), new Member("ann", Optional.empty()), Instant.EPOCH, new Body.Json(data));
    }

    private static String rejected(String line, long id) {
        Incoming.Rejected rejected = (Incoming.Rejected) only(line);
        assertThat(rejected.id())
                .as(line.substring(0, Math.min(line.length(), 80)))
                .hasValue(id);
        return rejected.code().label() + " " + rejected.message();
    }

    private static String refusal(Runnable doing) {
        try {
            doing.run();
        } catch (RefusedException e) {
            return e.code().label() + " " + e.reason();
        }
        throw new AssertionError("not refused");
    }

    private static Incoming bytes(String text) {
        return CommandReader.read(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Incoming only(String line) {
        List<Incoming> read = new ArrayList<>();
        CommandReader.read(line).forEach(read::add);
        assertThat(read).hasSize(1);
        return read.get(0);
    }
}
