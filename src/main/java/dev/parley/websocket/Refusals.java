package dev.parley.websocket;

import dev.parley.channel.Encoded;
import dev.parley.concurrent.FailureLog;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Reply;
import dev.parley.wire.WireWriter;
import jakarta.websocket.DecodeException;
import jakarta.websocket.EncodeException;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** What the client of an endpoint is told when something of it is refused. */
final class Refusals {
    private static final FailureLog FAILURES =
            FailureLog.ofEach(System.getLogger(Refusals.class.getName()), System.Logger.Level.WARNING);

    private Refusals() {}

    /**
     * What of a failure is for the client; the rest, where it is a fault, is for the log.
     *
     * @param of which it is
     * @param channel that it has joined
     */
    static RefusedException of(EndpointRepresentations.Name of, Optional<String> channel, Throwable failure) {
        return RefusedException.in(failure).orElseGet(() -> {
            if (failure instanceof DecodeException wrong) {
                return new RefusedException(
                        ErrorCode.MALFORMED,
                        Objects.requireNonNullElse(wrong.getMessage(), ErrorCode.MALFORMED.sentence()));
            }
            told(of, " has failed", channel.map(joined -> " of " + joined).orElse(""), failure);
            return new RefusedException(ErrorCode.INTERNAL);
        });
    }

    /** By an Encoder of the endpoint for refusals, if it has one: its clients may know only their own form. */
    static Encoded encode(EndpointCodecs codecs, RefusedException refusal) {
        if (codecs.encodes(RefusedException.class)) {
            try {
                return codecs.encode(refusal);
            } catch (EncodeException | RuntimeException e) {
                FAILURES.failed("A refusal is told in Parley's words, since the endpoint's Encoder failed", e);
            }
        }
        return Encoded.Text.of(
                WireWriter.write(new Reply.Failed(OptionalLong.empty(), refusal.code(), refusal.reason())));
    }

    /** How a session ends whose join failed so. */
    static DisconnectCode end(Throwable failure) {
        ErrorCode code =
                RefusedException.in(failure).map(RefusedException::code).orElse(ErrorCode.INTERNAL);
        if (code == ErrorCode.INTERNAL || code == ErrorCode.NOT_SUBSCRIBED) {
            return DisconnectCode.INTERNAL;
        }
        if (code.retry()) {
            return DisconnectCode.OVERLOADED;
        }
        return switch (code) {
            case TOKEN_EXPIRED -> DisconnectCode.TOKEN_EXPIRED;
            case NOT_ALLOWED -> DisconnectCode.NOT_ALLOWED;
            default ->
                code.code() == ErrorCode.BAD_CREDENTIALS.code()
                        ? DisconnectCode.BAD_CREDENTIALS
                        : DisconnectCode.BAD_REQUEST;
        };
    }

    /** In a session that has joined no channel. To publish there is the endpoint's fault, and not its client's. */
    static void unheard(EndpointRepresentations.Name of, RefusedException refusal) {
        if (refusal.code() == ErrorCode.NOT_SUBSCRIBED) {
            told(of, " publishes before it has joined a channel", "", refusal);
        }
    }

    private static void told(EndpointRepresentations.Name of, String what, String channel, Throwable failure) {
        String kind = of.endpoint() + what;
        FAILURES.failed(kind, kind + " in the session " + of.session() + channel, failure);
    }
}
