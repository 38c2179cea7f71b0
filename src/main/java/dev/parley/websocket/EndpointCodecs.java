package dev.parley.websocket;

import dev.parley.channel.Encoded;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.Message;
import dev.parley.protocol.Push;
import dev.parley.protocol.Unicode;
import jakarta.websocket.DecodeException;
import jakarta.websocket.Decoder;
import jakarta.websocket.EncodeException;
import jakarta.websocket.Encoder;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import java.util.Optional;

/**
 * The Encoders and Decoders that an endpoint's annotation names, in instances of our own: a container makes one set for
 * each session, but what is encoded here is shared by all sessions. So they must not depend on the session, and must
 * bear several threads.
 */
final class EndpointCodecs {
    private static final int REPLACEMENT = 0xfffd;

    private final ServerEndpointConfig config;
    private final List<Handling<Encoder>> encoders;
    private final List<Handling<Decoder>> decoders;

    /** A codec, and of which class it makes texts or bytes or is made from them. */
    private record Handling<C>(C codec, Optional<Class<?>> texts, Optional<Class<?>> bytes) {}

    EndpointCodecs(ServerEndpointConfig config) {
        this.config = config;
        this.encoders =
                config.getEncoders().stream().map(EndpointCodecs::encoder).toList();
        this.decoders =
                config.getDecoders().stream().map(EndpointCodecs::decoder).toList();
        encoders.forEach(encoder -> encoder.codec().init(config));
        decoders.forEach(decoder -> decoder.codec().init(config));
    }

    /** What they were initialised with. */
    ServerEndpointConfig config() {
        return config;
    }

    /** By the first Encoder for the object's class, a text one before a binary one. */
    @SuppressWarnings("unchecked") // the Encoder's own type argument was compared with the object's class
    Encoded encode(Object object) throws EncodeException {
        for (Handling<Encoder> encoder : encoders) {
            if (encoder.texts().filter(type -> type.isInstance(object)).isPresent()) {
                return Encoded.Text.of(wellFormed(((Encoder.Text<Object>) encoder.codec()).encode(object)));
            }
        }
        for (Handling<Encoder> encoder : encoders) {
            if (encoder.bytes().filter(type -> type.isInstance(object)).isPresent()) {
                return new Encoded.Binary(Bytes.copyOf(((Encoder.Binary<Object>) encoder.codec()).encode(object)));
            }
        }
        throw new EncodeException(object, "The endpoint has no Encoder for " + object.getClass());
    }

    /** Whether there is an Encoder for this very class. */
    boolean encodes(Class<?> type) {
        return encoders.stream()
                .anyMatch(encoder -> encoder.texts().equals(Optional.of(type))
                        || encoder.bytes().equals(Optional.of(type)));
    }

    /** By the first text Decoder that makes objects of this class and will decode the text. */
    <T> Optional<T> decode(String text, Class<T> type) throws DecodeException {
        for (Handling<Decoder> decoder : decoders) {
            if (decoder.texts().filter(type::isAssignableFrom).isPresent()) {
                Decoder.Text<?> one = (Decoder.Text<?>) decoder.codec();
                if (one.willDecode(text)) {
                    return Optional.of(type.cast(one.decode(text)));
                }
            }
        }
        return Optional.empty();
    }

    /** What was pushed as an object of this class, which knows where it stands if it wants to; empty of what is no JSON. */
    <T> Optional<T> delivered(Push push, Class<T> type) {
        if (!(push instanceof Message message) || !(message.body() instanceof Body.Json json)) {
            return Optional.empty();
        }
        try {
            return decode(json.text(), type)
                    .map(object -> object instanceof Delivered<?> delivered
                            ? type.cast(delivered.deliveredAs(message))
                            : object);
        } catch (DecodeException e) {
            throw new IllegalArgumentException("Not a " + type.getSimpleName() + ": " + message.position(), e);
        }
    }

    /**
     * Half a surrogate pair has no UTF-8 form: Tyrus throws an Error, and a browser closes on what others make of it. One
     * message would end every connection that reads it, and again when they come back.
     */
    private static String wellFormed(String text) {
        return Unicode.isWellFormed(text)
                ? text
                : text.codePoints()
                        .map(c -> Unicode.isHalf(c) ? REPLACEMENT : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    private static Handling<Encoder> encoder(Class<?> type) {
        return new Handling<>(
                (Encoder) create(type),
                TypeArguments.of(type, Encoder.Text.class),
                TypeArguments.of(type, Encoder.Binary.class));
    }

    private static Handling<Decoder> decoder(Class<?> type) {
        return new Handling<>(
                (Decoder) create(type),
                TypeArguments.of(type, Decoder.Text.class),
                TypeArguments.of(type, Decoder.Binary.class));
    }

    private static Object create(Class<?> type) {
        try {
            return type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type + " needs a public constructor without parameters", e);
        }
    }
}
