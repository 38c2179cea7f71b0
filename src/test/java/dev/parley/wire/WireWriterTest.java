package dev.parley.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Lineage;
import dev.parley.protocol.Member;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Each line as the protocol's description shows it. */
class WireWriterTest {
    private static final Member ANN = new Member("guest-5d2e", Optional.of("Ann"));
    private static final Instant AT = Instant.parse("2026-11-22T07:21:00.123Z");

    @Test
    void connected_brings_a_guest_its_secret_and_others_none() {
        assertThat(WireWriter.write(new Reply.Connected(1, "c7f", "guest-5d2e", Optional.of("s3"), Optional.empty())))
                .isEqualTo(
                        "{\"id\":1,\"connected\":{\"connection\":\"c7f\",\"user\":\"guest-5d2e\",\"secret\":\"s3\"}}");
        assertThat(WireWriter.write(new Reply.Connected(1, "c7f", "ann", Optional.empty(), Optional.empty())))
                .isEqualTo("{\"id\":1,\"connected\":{\"connection\":\"c7f\",\"user\":\"ann\"}}");
    }

    @Test
    void connected_and_refreshed_say_when_a_fresh_token_is_needed() {
        Optional<Instant> expires = Optional.of(Instant.parse("2026-11-22T08:21:00Z"));
        Reply connected = new Reply.Connected(1, "c7f", "ann", Optional.empty(), expires);
        Reply refreshed = new Reply.Refreshed(6, expires);

        assertThat(WireWriter.write(connected))
                .isEqualTo("{\"id\":1,\"connected\":{\"connection\":\"c7f\",\"user\":\"ann\","
                        + "\"expires\":\"2026-11-22T08:21:00Z\"}}");
        assertThat(WireWriter.write(refreshed))
                .isEqualTo("{\"id\":6,\"refreshed\":{\"expires\":\"2026-11-22T08:21:00Z\"}}");
    }

    @Test
    void subscribed_says_where_the_cursor_starts_and_where_the_channel_ends() {
        Reply.Started started = new Reply.Started("chat.lobby", at(7), at(57), true, Optional.empty());

        assertThat(WireWriter.write(new Reply.Subscribed(2, List.of(started), false)))
                .isEqualTo("{\"id\":2,\"subscribed\":{\"channel\":\"chat.lobby\",\"position\":\"k3f9:7\","
                        + "\"head\":\"k3f9:57\",\"recovered\":true}}");
    }

    @Test
    void subscribed_to_many_is_an_array_with_the_refused_ones_in_their_places() {
        Reply.Started old = new Reply.Started(
                "a",
                at(7),
                at(57),
                true,
                Optional.empty(),
                Optional.empty(),
                LongStream.rangeClosed(1, 70)
                        .mapToObj(end -> new Lineage.Ancestor("e" + end, end))
                        .toList());
        assertThat(WireWriter.write(old))
                .contains("\"ancestors\":[[\"e7\",7],[\"e8\",8],")
                .endsWith(",[\"e70\",70]]}");
        Reply.Started lost = new Reply.Started("a", at(39), at(57), false, Optional.of(new Push.Range(at(10), at(40))));
        Reply.Refused refused = new Reply.Refused("b", ErrorCode.NOT_ALLOWED, "No.");

        assertThat(WireWriter.write(new Reply.Subscribed(2, List.of(lost, refused), true)))
                .isEqualTo("{\"id\":2,\"subscribed\":[{\"channel\":\"a\",\"position\":\"k3f9:39\",\"head\":\"k3f9:57\","
                        + "\"recovered\":false,\"lost\":{\"after\":\"k3f9:10\",\"before\":\"k3f9:40\"}},"
                        + "{\"channel\":\"b\",\"error\":{\"code\":403,\"name\":\"not-allowed\",\"message\":\"No.\","
                        + "\"retry\":false}}]}");
        assertThat(WireWriter.write(new Reply.Subscribed(2, List.of(refused), true)))
                .contains(":[{\"channel\":\"b\"");
    }

    @Test
    void the_other_replies() {
        assertThat(WireWriter.write(new Reply.Published(3, "chat.lobby", at(58))))
                .isEqualTo("{\"id\":3,\"published\":{\"channel\":\"chat.lobby\",\"position\":\"k3f9:58\"}}");
        assertThat(WireWriter.write(new Reply.Present(4, "a", new Position("p1", 12), 9, List.of(ANN, bob()))))
                .isEqualTo("{\"id\":4,\"presence\":{\"channel\":\"a\",\"position\":\"p1:12\",\"count\":9,\"members\":["
                        + "{\"user\":\"guest-5d2e\",\"name\":\"Ann\"},{\"user\":\"bob\"}]}}");
        assertThat(WireWriter.write(new Reply.Present(4, "a", Position.NONE, 0, List.of())))
                .isEqualTo(
                        "{\"id\":4,\"presence\":{\"channel\":\"a\",\"position\":\"0:0\",\"count\":0,\"members\":[]}}");
        assertThat(WireWriter.write(new Reply.Unsubscribed(5, "a")))
                .isEqualTo("{\"id\":5,\"unsubscribed\":{\"channel\":\"a\"}}");
        assertThat(WireWriter.write(new Reply.Refreshed(6, Optional.empty()))).isEqualTo("{\"id\":6,\"refreshed\":{}}");
        assertThat(WireWriter.write(new Reply.Pong(7))).isEqualTo("{\"id\":7,\"pong\":{}}");
        assertThat(WireWriter.write(new Reply.Failed(OptionalLong.of(3), ErrorCode.UNAVAILABLE, "Away.")))
                .isEqualTo(
                        "{\"id\":3,\"error\":{\"code\":503,\"name\":\"unavailable\",\"message\":\"Away.\",\"retry\":true}}");
        assertThat(WireWriter.write(new Reply.Failed(OptionalLong.empty(), ErrorCode.MALFORMED, "What?")))
                .isEqualTo("{\"error\":{\"code\":400,\"name\":\"malformed\",\"message\":\"What?\",\"retry\":false}}");
    }

    @Test
    void a_message_carries_its_data_as_it_is() {
        Message message = new Message("chat.lobby", at(58), ANN, AT, new Body.Json("{\"text\":\"hi\"}"));

        assertThat(WireWriter.write(message))
                .isEqualTo("{\"channel\":\"chat.lobby\",\"position\":\"k3f9:58\",\"from\":{\"user\":\"guest-5d2e\","
                        + "\"name\":\"Ann\"},\"at\":\"2026-11-22T07:21:00.123Z\",\"data\":{\"text\":\"hi\"}}");
    }

    @Test
    void bytes_follow_their_line_or_are_mentioned_with_the_place_where_they_are() {
        Body.Binary bytes = new Body.Binary("image/png", Bytes.wrap(new byte[] {0, '\n', -1}));
        Message binary = new Message("chat.lobby", at(59), bob(), AT, bytes);
        Message mention = new Message("chat.lobby", at(59), bob(), AT, new Body.Reference("image/png", 2_412_880));
        String line = "{\"channel\":\"chat.lobby\",\"position\":\"k3f9:59\",\"from\":{\"user\":\"bob\"},"
                + "\"at\":\"2026-11-22T07:21:00.123Z\",\"type\":\"image/png\",\"size\":";

        byte[] written = WireWriter.write(binary, bytes).toArray();

        byte[] header = (line + "3}\n").getBytes(UTF_8);
        assertThat(written).startsWith(header).hasSize(header.length + 3).endsWith(0, '\n', -1);
        assertThat(WireWriter.write(mention))
                .isEqualTo(line + "2412880,\"content\":\"api/channels/chat.lobby/messages/k3f9:59/content\"}");
    }

    @Test
    void the_other_pushes() {
        Position presence = new Position("p1", 12);

        assertThat(WireWriter.write(new Push.Join("a", ANN, presence)))
                .isEqualTo(
                        "{\"channel\":\"a\",\"join\":{\"user\":\"guest-5d2e\",\"name\":\"Ann\"},\"presence\":\"p1:12\"}");
        assertThat(WireWriter.write(new Push.Leave("a", bob(), presence)))
                .isEqualTo("{\"channel\":\"a\",\"leave\":{\"user\":\"bob\"},\"presence\":\"p1:12\"}");
        assertThat(WireWriter.write(new Push.Members("a", 101, presence)))
                .isEqualTo("{\"channel\":\"a\",\"members\":101,\"presence\":\"p1:12\"}");
        assertThat(WireWriter.write(new Push.Lost("a", Optional.of(new Push.Range(at(10), at(40))))))
                .isEqualTo("{\"channel\":\"a\",\"lost\":{\"after\":\"k3f9:10\",\"before\":\"k3f9:40\"}}");
        assertThat(WireWriter.write(new Push.Lost("a", Optional.empty()))).isEqualTo("{\"channel\":\"a\",\"lost\":{}}");
        assertThat(WireWriter.write(new Push.Ended("a", ErrorCode.NOT_ALLOWED)))
                .isEqualTo("{\"channel\":\"a\",\"unsubscribed\":{\"code\":403,\"name\":\"not-allowed\","
                        + "\"message\":\"The policy forbids it.\",\"retry\":false}}");
        assertThat(WireWriter.write(new Push.Disconnect(DisconnectCode.TOKEN_EXPIRED)))
                .isEqualTo("{\"disconnect\":{\"code\":4001,\"name\":\"token-expired\",\"reconnect\":true}}");
        assertThat(WireWriter.write(new Push.Disconnect(DisconnectCode.RESTART, OptionalInt.of(5))))
                .isEqualTo("{\"disconnect\":{\"code\":1012,\"name\":\"restart\",\"reconnect\":true,\"within\":5}}");
    }

    @Test
    void a_name_cannot_break_out_of_its_line() {
        String hostile = "\"}\n{\\\u0000\u2028\u2029\u007f\ud800<\ud83d\ude00\udc00";
        String line = WireWriter.write(new Push.Join("a", new Member("u", Optional.of(hostile)), at(1)));

        assertThat(line).doesNotContain("\n", "\u2028", "\u2029", "\u0000").contains("\ud83d\ude00");
        assertThat(UTF_8.newEncoder().canEncode(line)).isTrue();
        assertThat(json(line).getJsonObject("join").getString("name")).isEqualTo(hostile);
    }

    @Test
    void every_line_is_json() {
        for (ErrorCode code : ErrorCode.values()) {
            JsonObject error = json(WireWriter.write(new Reply.Failed(OptionalLong.of(1), code, code.sentence())))
                    .getJsonObject("error");
            assertThat(error.getInt("code")).isEqualTo(code.code());
            assertThat(error.getString("name")).isEqualTo(code.label());
        }
        assertThat(json(WireWriter.write(new Reply.Present(1, "a", at(1), 3, Collections.nCopies(3, bob()))))
                        .getJsonObject("presence")
                        .getJsonArray("members"))
                .hasSize(3);
    }

    private static Member bob() {
        return new Member("bob", Optional.empty());
    }

    private static Position at(long offset) {
        return new Position("k3f9", offset);
    }

    private static JsonObject json(String line) {
        try (var reader = Json.createReader(new StringReader(line))) {
            return reader.readObject();
        }
    }
}
