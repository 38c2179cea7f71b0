package dev.parley.frames;

import dev.parley.security.Refusal;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What an opening handshake must be like (RFC 6455 section 4.2.1). Tyrus by itself answers 101 to a POST, and 500 where
 * the key or {@code Connection: Upgrade} is missing.
 */
public final class Handshake {
    public static final String VERSION = "13";

    private static final String PROTOCOL = "websocket";
    private static final int KEY_BYTES = 16;

    /** Of so many bytes in Base64, with their padding (RFC 4648 section 4). */
    private static final int KEY_LENGTH = 24;

    private Handshake() {}

    /**
     * Whether a request asks for it, perhaps among other protocols (RFC 9110 section 7.8).
     *
     * @param upgrades every header {@code Upgrade}
     */
    public static boolean isAskedFor(List<String> upgrades) {
        return hasToken(upgrades, PROTOCOL);
    }

    /** Empty when it is one; the request has been found to ask for an upgrade to {@code websocket}. */
    public static Optional<Refusal> check(OpeningHandshake handshake) {
        if (!handshake.line().method().equals("GET")) {
            return refusal(405, "A WebSocket begins with GET.");
        }
        if (!handshake.line().http11()) {
            return refusal(400, "A WebSocket begins with HTTP/1.1.");
        }
        if (handshake.hasBody()) {
            return refusal(400, "A WebSocket begins without a body.");
        }
        if (!hasToken(handshake.values("Connection"), "upgrade")) {
            return refusal(400, "The header Connection does not say Upgrade.");
        }
        if (!handshake.values("Sec-WebSocket-Version").equals(List.of(VERSION))) {
            return refusal(426, "This server speaks version 13 of the WebSocket protocol.");
        }
        List<String> keys = handshake.values("Sec-WebSocket-Key");
        return keys.size() == 1 && isKey(keys.get(0).strip())
                ? Optional.empty()
                : refusal(400, "The header Sec-WebSocket-Key is not 16 bytes in Base64.");
    }

    private static boolean isKey(String text) {
        try {
            return text.length() == KEY_LENGTH && Base64.getDecoder().decode(text).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean hasToken(List<String> values, String token) {
        return values.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .anyMatch(part -> part.strip().equalsIgnoreCase(token));
    }

    private static Optional<Refusal> refusal(int status, String sentence) {
        return Optional.of(new Refusal(status, sentence));
    }
}
