package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Member;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.Start;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A room's own wire. */
class ChatMessageTest {
    private static final Member ANN = new Member("guest-1", Optional.of("Ann"));
    private static final ChatMessage NO_OBJECT = new ChatMessage.Unreadable("A message is a JSON object with a text.");
    private static final Position FIRST = new Position("e1", 1);
    private static final Instant AT = Instant.parse("2026-11-22T07:21:00.123Z");

    @Test
    void a_draft_has_a_text_and_perhaps_a_key() {
        assertThat(decoded("{\"text\":\"hi\"}")).isEqualTo(new ChatMessage.Draft("hi", Optional.empty()));
        assertThat(decoded(" {\"key\":\"k\", \"text\":\"hi\"} "))
                .isEqualTo(new ChatMessage.Draft("hi", Optional.of("k")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hi",
                "[]",
                "null",
                "{\"text\":\"a\"} {\"text\":\"b\"}",
                "{\"text\":\"a\"",
                "[[[[",
                "{\"text\":\"\t\"}"
            })
    void whatIsNoDraftIsAMessageTooAndNeverAnException(String text) {
        assertThat(decoded(text)).isEqualTo(NO_OBJECT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"text\":5}", "{\"text\":null}", "{\"key\":\"hi\"}"})
    void anObjectWithoutATextIsNoDraftEither(String text) {
        assertThat(decoded(text)).isEqualTo(new ChatMessage.Unreadable("A message has a text."));
    }

    @Test
    void hostile_text_is_unreadable_and_no_fault() {
        assertThat(decoded("[".repeat(60_000))).isEqualTo(NO_OBJECT);
        assertThat(decoded("{\"text\":\"a\",\"n\":" + "7".repeat(60_000) + "}")).isEqualTo(NO_OBJECT);
        assertThat(decoded("x".repeat(1_000_000)))
                .isEqualTo(new ChatMessage.Unreadable("A message is at most 65536 characters, as sent."));
        assertThat(new ChatMessageDecoder().willDecode("anything")).isTrue();
    }

    @Test
    void every_push_of_a_room_is_shown() {
        String shown = "{\"position\":\"e1:1\",\"from\":{\"user\":\"guest-1\",\"name\":\"Ann\"},"
                + "\"at\":\"2026-11-22T07:21:00.123Z\",\"type\":\"image/png\","
                + "\"image\":\"api/channels/chat.a/messages/e1:1/content\"}";
        assertThat(encoded(new Message("chat.a", FIRST, ANN, AT, new Body.Json("{\"text\":\"hi\"}"))))
                .isEqualTo("{\"position\":\"e1:1\",\"from\":{\"user\":\"guest-1\",\"name\":\"Ann\"},"
                        + "\"at\":\"2026-11-22T07:21:00.123Z\",\"text\":\"hi\"}");
        assertThat(encoded(new Message(
                        "chat.a", FIRST, ANN, AT, new Body.Binary("image/png", Bytes.wrap(new byte[] {1})))))
                .isEqualTo(shown);
        assertThat(encoded(new Message("chat.a", FIRST, ANN, AT, new Body.Reference("image/png", 9_999_999))))
                .isEqualTo(shown);
        assertThat(encoded(new Push.Join("chat.a", ANN, FIRST)))
                .isEqualTo("{\"join\":{\"user\":\"guest-1\",\"name\":\"Ann\"}}");
        assertThat(encoded(new Push.Leave("chat.a", ANN, FIRST)))
                .isEqualTo("{\"leave\":{\"user\":\"guest-1\",\"name\":\"Ann\"}}");
        assertThat(encoded(new Push.Members("chat.a", 200, FIRST))).isEqualTo("{\"members\":200}");
        assertThat(encoded(new Push.Lost("chat.a", Optional.of(new Push.Range(FIRST, FIRST.at(9))))))
                .isEqualTo("{\"lost\":{\"after\":\"e1:1\",\"before\":\"e1:9\"}}");
        assertThat(encoded(new Push.Lost("chat.a", Optional.empty()))).isEqualTo("{\"lost\":{}}");
        assertThat(encoded(new Push.Forgotten("chat.a", new Push.Range(FIRST, FIRST.at(9)), List.of())))
                .isEqualTo("{\"forgotten\":{\"after\":\"e1:1\",\"before\":\"e1:9\"}}");
        assertThat(ChatMessage.of(new Push.Ended("chat.a", ErrorCode.NOT_ALLOWED)))
                .isEmpty();
    }

    @Test
    void a_room_answers_its_clients() {
        assertThat(new ChatMessageEncoder().encode(new ChatMessage.Accepted(FIRST, Optional.of("k"))))
                .isEqualTo("{\"published\":\"e1:1\",\"key\":\"k\"}");
        assertThat(new ChatMessageEncoder().encode(new ChatMessage.Declined(413, "too-large", "No.", false)))
                .isEqualTo("{\"error\":{\"code\":413,\"name\":\"too-large\",\"message\":\"No.\",\"retry\":false}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "[]", "{}", "{\"text\":5}", "broken"})
    void whatOthersPublishedToTheChannelWithoutATextIsShownEmpty(String json) {
        assertThat(ChatMessage.of(new Message("chat.a", FIRST, ANN, AT, new Body.Json(json))))
                .hasValue(new ChatMessage.Said(FIRST, ANN, AT, ""));
    }

    @Test
    void the_address_says_where_to_begin() {
        assertThat(start(Map.of())).isEqualTo(Start.history("chat.a", 50));
        assertThat(start(Map.of("history", List.of("7")))).isEqualTo(Start.history("chat.a", 7));
        assertThat(start(Map.of("history", List.of("999999999")))).isEqualTo(Start.history("chat.a", 10_000));
        assertThat(start(Map.of("history", List.of("-1")))).isEqualTo(Start.history("chat.a", 50));
        assertThat(start(Map.of("history", List.of("99999999999")))).isEqualTo(Start.history("chat.a", 50));
        assertThat(start(Map.of("history", List.of()))).isEqualTo(Start.history("chat.a", 50));
        assertThat(start(Map.of("after", List.of("e1:1"), "history", List.of("7"))))
                .isEqualTo(Start.after("chat.a", FIRST));
        assertThat(start(Map.of("after", List.of("nonsense")))).isEqualTo(Start.history("chat.a", 50));
    }

    private static ChatMessage decoded(String text) {
        return new ChatMessageDecoder().decode(text);
    }

    private static String encoded(Push push) {
        return new ChatMessageEncoder().encode(ChatMessage.of(push).orElseThrow());
    }

    private static Start start(Map<String, List<String>> query) {
        return ChatStart.of("chat.a", query);
    }
}
