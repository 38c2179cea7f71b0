package dev.parley.websocket;

import dev.parley.channel.Encoded;
import dev.parley.channel.Representation;
import dev.parley.concurrent.FailureLog;
import dev.parley.protocol.Message;
import dev.parley.protocol.Push;
import jakarta.websocket.EncodeException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * The form of an endpoint's own: what is pushed becomes an object of the team's, and its Encoder writes it, once for all
 * sessions of the endpoint.
 */
final class EncoderRepresentation implements Representation {
    private static final FailureLog FAILURES =
            FailureLog.ofEach(System.getLogger(EncoderRepresentation.class.getName()), System.Logger.Level.WARNING);

    private final EndpointCodecs codecs;
    private final Function<Push, ? extends Optional<?>> mapping;
    private final Optional<Executor> threads;

    /** @param threads of the endpoint's own: its Encoder may wait */
    EncoderRepresentation(EndpointCodecs codecs, Function<Push, ? extends Optional<?>> mapping, Executor threads) {
        this.codecs = codecs;
        this.mapping = mapping;
        this.threads = Optional.of(threads);
    }

    @Override
    public Optional<Executor> threads() {
        return threads;
    }

    /** A message that the team's code fails on is left out, so that it does not stop the ones behind it. */
    @Override
    public Optional<Encoded> encode(Push push) {
        Optional<?> object = Optional.empty();
        try {
            object = Objects.requireNonNull(mapping.apply(push));
            return object.isPresent() ? Optional.of(codecs.encode(object.get())) : Optional.empty();
        } catch (EncodeException | RuntimeException e) {
            String who = object.<String>map(this::encoder)
                    .orElseGet(() -> "What makes objects of what is pushed, of the endpoint " + endpoint() + ",");
            FAILURES.failed(who, who + " has failed for " + name(push) + ", which is left out", e);
            return Optional.empty();
        }
    }

    private String encoder(Object object) {
        return codecs.encoderOf(object.getClass())
                .map(encoder -> "The Encoder " + encoder.getName() + " of the endpoint " + endpoint())
                .orElseGet(() -> "The endpoint " + endpoint());
    }

    private String endpoint() {
        return codecs.config().getEndpointClass().getName();
    }

    /** Not what a client wrote: that may be megabytes, and is not for a log. */
    private static String name(Push push) {
        String kind = push.getClass().getSimpleName();
        if (push instanceof Message message) {
            return message.channel() + " " + message.position();
        }
        return push instanceof Push.OfChannel ofChannel ? ofChannel.channel() + " (" + kind + ")" : kind;
    }

    /** A team's objects are made of all that was published. */
    @Override
    public boolean wantsWhole() {
        return true;
    }

    /** The endpoint's clients expect one object a message. */
    @Override
    public boolean joins() {
        return false;
    }
}
