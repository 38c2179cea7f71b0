package dev.parley.websocket;

import dev.parley.channel.Encoded;
import dev.parley.protocol.Bytes;
import jakarta.websocket.DecodeException;
import jakarta.websocket.Decoder;
import jakarta.websocket.EncodeException;
import jakarta.websocket.Encoder;
import jakarta.websocket.EndpointConfig;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The Encoders and Decoders that an endpoint's annotation names, in instances of our own: a container makes one set for
 * each session, but what is encoded here is shared by all sessions. So they must not depend on the session, and must
 * bear several threads.
 */
final class EndpointCodecs {
    private final List<Encoder> encoders;
    private final List<Decoder> decoders;

    EndpointCodecs(EndpointConfig config) {
        this.encoders = config.getEncoders().stream()
                .map(type -> (Encoder) create(type))
                .toList();
        this.decoders = config.getDecoders().stream()
                .map(type -> (Decoder) create(type))
                .toList();
        encoders.forEach(encoder -> encoder.init(config));
        decoders.forEach(decoder -> decoder.init(config));
    }

    /** By the first Encoder for the object's class, a text one before a binary one. */
    @SuppressWarnings("unchecked") // the Encoder's own type argument was compared with the object's class
    Encoded encode(Object object) throws EncodeException {
        Optional<Encoder> text = encoder(Encoder.Text.class, object);
        if (text.isPresent()) {
            return Encoded.Text.of(((Encoder.Text<Object>) text.get()).encode(object));
        }
        Encoder binary = encoder(Encoder.Binary.class, object)
                .orElseThrow(() -> new EncodeException(object, "The endpoint has no Encoder for " + object.getClass()));
        return new Encoded.Binary(Bytes.copyOf(((Encoder.Binary<Object>) binary).encode(object)));
    }

    /** By the first text Decoder for the class that will decode it. */
    <T> Optional<T> decode(String text, Class<T> type) throws DecodeException {
        for (Decoder decoder : decoders) {
            if (decoder instanceof Decoder.Text<?> one
                    && handles(decoder.getClass(), Decoder.Text.class, type)
                    && one.willDecode(text)) {
                return Optional.of(type.cast(one.decode(text)));
            }
        }
        return Optional.empty();
    }

    private Optional<Encoder> encoder(Class<?> kind, Object object) {
        return encoders.stream()
                .filter(encoder -> kind.isInstance(encoder) && handles(encoder.getClass(), kind, object.getClass()))
                .findFirst();
    }

    private static Object create(Class<?> type) {
        try {
            return type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type + " needs a public constructor without parameters", e);
        }
    }

    private static boolean handles(Class<?> codec, Class<?> kind, Class<?> type) {
        return interfaces(codec).stream()
                .filter(one -> one instanceof ParameterizedType)
                .map(one -> (ParameterizedType) one)
                .filter(one -> one.getRawType() == kind)
                .map(one -> one.getActualTypeArguments()[0])
                .anyMatch(argument -> argument instanceof Class<?> handled && handled.isAssignableFrom(type));
    }

    private static List<Type> interfaces(Class<?> codec) {
        List<Type> all = new ArrayList<>();
        for (Class<?> type = codec; type != null; type = type.getSuperclass()) {
            all.addAll(List.of(type.getGenericInterfaces()));
        }
        return all;
    }
}
