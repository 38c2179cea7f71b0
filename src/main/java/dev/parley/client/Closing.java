package dev.parley.client;

import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import java.util.stream.Stream;

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

    /** For a publish that has no answer. */
    RefusedException unanswered() {
        return new RefusedException(
                ErrorCode.UNAVAILABLE,
                "The client is closed (" + name + "): whether this was stored, nobody can tell.");
    }

    /** For a publish that the server has not been sent: what ended the client is why. */
    RefusedException unsent() {
        ErrorCode code = Stream.of(ErrorCode.values())
                .filter(error -> error.label().equals(name))
                .findFirst()
                .orElse(ErrorCode.UNAVAILABLE);
        return new RefusedException(code, "This was not sent, since the client is closed (" + name + "): " + reason);
    }
}
