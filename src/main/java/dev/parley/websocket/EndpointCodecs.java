package dev.parley.websocket;

import dev.parley.channel.Encoded;
import dev.parley.endpoint.Delivered;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.Message;
import dev.parley.protocol.Push;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Unicode;
import jakarta.websocket.DecodeException;
import jakarta.websocket.Decoder;
import jakarta.websocket.EncodeException;
import jakarta.websocket.Encoder;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Encoders and Decoders that an endpoint's annotation names, in instances of our own: a container makes one set for
 * each session, but what is encoded here is shared by all sessions. So they must not depend on the session. A set is used by
 * one thread at a time; there are as many as have been needed at once. Thread-safe.
 */
final class EndpointCodecs {
    private static final int REPLACEMENT = 0xfffd;

    private final ServerEndpointConfig config;
    private final CodecInstances instances;
    private final Queue<CodecSet> idle = new ConcurrentLinkedQueue<>();

    /** Of which classes there are Encoders. */
    private final Set<Class<?>> encoded;

    /** One of each. */
    private record CodecSet(List<Handling<Encoder>> encoders, List<Handling<Decoder>> decoders) {}

    /** A codec, and of which class it makes texts or bytes or is made from them. */
    private record Handling<C>(C codec, Optional<Class<?>> texts, Optional<Class<?>> bytes) {}

    /**
     * What is done with a set.
     *
     * @param <T> what it comes to
     * @param <E> what the codec may throw
     */
    private interface Use<T, E extends Exception> {
        T of(CodecSet set) throws E;
    }

    /** @throws IllegalArgumentException when one cannot be made */
    EndpointCodecs(ServerEndpointConfig config, CodecInstances instances) {
        this.config = config;
        this.instances = instances;
        CodecSet first = set();
        this.encoded = first.encoders().stream()
                .flatMap(encoder -> Stream.concat(encoder.texts().stream(), encoder.bytes().stream()))
                .collect(Collectors.toUnmodifiableSet());
        idle.add(first);
    }

    private CodecSet set() {
        CodecSet set = new CodecSet(
                config.getEncoders().stream().map(this::encoder).toList(),
                config.getDecoders().stream().map(this::decoder).toList());
        set.encoders().forEach(encoder -> encoder.codec().init(config));
        set.decoders().forEach(decoder -> decoder.codec().init(config));
        return set;
    }

    private <T, E extends Exception> T with(Use<T, E> use) throws E {
        CodecSet free = idle.poll();
        CodecSet set = free == null ? set() : free;
        try {
            return use.of(set);
        } finally {
            idle.add(set);
        }
    }

    /** What they were initialised with. */
    ServerEndpointConfig config() {
        return config;
    }

    /**
     * By the first Encoder for the object's class, a text one before a binary one.
     *
     * @throws EncodeException when there is none, or whatever it throws; but what it refuses is thrown as it is
     */
    Encoded encode(Object object) throws EncodeException {
        try {
            return with(set -> encode(set.encoders(), object));
        } catch (RefusedException e) {
            throw e;
        } catch (RuntimeException e) {
            String encoder = encoderOf(object.getClass()).map(Class::getName).orElse("of nobody");
            throw new EncodeException(object, "The Encoder " + encoder + " has failed", e);
        }
    }

    @SuppressWarnings("unchecked") // the Encoder's own type argument was compared with the object's class
    private static Encoded encode(List<Handling<Encoder>> encoders, Object object) throws EncodeException {
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

    /** The class of the Encoder that is asked for objects of this one. */
    Optional<Class<?>> encoderOf(Class<?> type) {
        return Stream.<Class<?>>of(Encoder.Text.class, Encoder.Binary.class)
                .flatMap(kind -> config.getEncoders().stream()
                        .filter(encoder -> TypeArguments.of(encoder, kind)
                                .filter(encoded -> encoded.isAssignableFrom(type))
                                .isPresent()))
                .<Class<?>>map(encoder -> encoder)
                .findFirst();
    }

    /** Whether there is an Encoder for this very class. */
    boolean encodes(Class<?> type) {
        return encoded.contains(type);
    }

    /** By the first text Decoder that makes objects of this class and will decode the text. */
    <T> Optional<T> decode(String text, Class<T> type) throws DecodeException {
        return with(set -> decode(set.decoders(), text, type));
    }

    private static <T> Optional<T> decode(List<Handling<Decoder>> decoders, String text, Class<T> type)
            throws DecodeException {
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

    private Handling<Encoder> encoder(Class<? extends Encoder> type) {
        return new Handling<>(
                instances.create(type),
                TypeArguments.of(type, Encoder.Text.class),
                TypeArguments.of(type, Encoder.Binary.class));
    }

    private Handling<Decoder> decoder(Class<? extends Decoder> type) {
        return new Handling<>(
                instances.create(type),
                TypeArguments.of(type, Decoder.Text.class),
                TypeArguments.of(type, Decoder.Binary.class));
    }
}
