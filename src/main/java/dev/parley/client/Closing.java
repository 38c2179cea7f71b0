package dev.parley.client;

import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.ErrorCode;

/**
 * Why a client is closed and does not come back.
 *
 * @param name the wire's word: that of a {@link DisconnectCode} ({@code closed}, {@code token-expired}) or, where the
 *     server refused the first command, of an {@link ErrorCode} ({@code bad-credentials})
 * @param reason in words
 */
public record Closing(String name, String reason) {
    static final Closing BY_ITSELF = of(DisconnectCode.NORMAL, "The client was closed.");

    static Closing of(DisconnectCode code, String reason) {
        return new Closing(code.label(), reason);
    }

    static Closing of(ErrorCode code, String reason) {
        return new Closing(code.label(), reason);
    }
}
