package dev.parley.frames;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.security.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 section 4.2.1. */
class HandshakeTest {
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            websocket            | true
            WebSocket            | true
            h2c;websocket        | true
            websocket;h2c        | true
            websocket, foo       | true
            foo , websocket      | true
            h2c                  | false
            websocket/13         | false
            web socket           | false
            xwebsocket, websockets | false
            """)
    void it_is_asked_for_among_other_protocols_too(String lines, boolean asked) {
        assertThat(Handshake.isAskedFor(List.of(lines.split(";")))).isEqualTo(asked);
    }

    @Test
    void nothing_is_asked_for_where_there_is_no_upgrade() {
        assertThat(Handshake.isAskedFor(List.of())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dGhlIHNhbXBsZSBub25jZQ==", "AAAAAAAAAAAAAAAAAAAAAA==", "+/+/+/+/+/+/+/+/+/+/+w=="})
    void a_key_is16_bytes_in_base64(String key) {
        assertThat(Handshake.check(handshake(key))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dGhlIHNhbXBsZSBub25jZQ",
                "dGhlIHNhbXBsZSBub25jZQ=",
                "dGhlIHNhbXBsZSBub25jZQ===",
                "dGhlIHNhbXBsZSBub25jZQ== =",
                "dGhlIHNhbXBsZSBub25j",
                "dGhlIHNhbXBsZSBub25jZTE=",
                "dGhlIHNhbXBsZSBub25jZTEy",
                "dGhlIHNhbXBsZS-ub25jZQ==",
                "dGhlIHNhbXBsZ_Bub25jZQ==",
                "dGhlIHNhbXBs SBub25jZQ==",
                "dGhlIHNhbXBs=SBub25jZQ==",
            })
    void what_is_no_key_is_refused(String key) {
        assertThat(Handshake.check(handshake(key)).map(Refusal::status)).contains(400);
    }

    private static OpeningHandshake handshake(String key) {
        return new OpeningHandshake(
                new OpeningHandshake.RequestLine("GET", "/echo", Optional.empty(), true),
                false,
                Map.of(
                        "Connection", List.of("keep-alive, Upgrade"),
                        "Sec-WebSocket-Version", List.of("13"),
                        "Sec-WebSocket-Key", List.of(key)));
    }
}
