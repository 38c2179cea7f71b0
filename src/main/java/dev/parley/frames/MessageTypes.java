package dev.parley.frames;

import jakarta.websocket.Decoder;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.OnMessage;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import java.io.InputStream;
import java.io.Reader;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Of what class the messages of a generic endpoint are (Jakarta WebSocket 2.1, section 4.7: a message is what a Decoder
 * makes of it, or a text, bytes, or a primitive).
 *
 * <p>The hard case: for {@code m(T message)} or {@code m(Object message)} Tyrus sees a message of any class, and so takes the
 * first Decoder there is, which makes {@code false} of every text. So only those Decoders are left that make what the
 * method takes; and where there is none, the endpoint is refused.
 */
final class MessageTypes {
    /** What comes without a Decoder of the endpoint's own. */
    private static final List<Class<?>> BUILT_IN = List.of(
            Boolean.class,
            Byte.class,
            Character.class,
            Double.class,
            Float.class,
            Integer.class,
            Long.class,
            Short.class,
            String.class,
            ByteBuffer.class,
            byte[].class,
            Reader.class,
            InputStream.class);

    private static final List<Class<?>> DECODERS =
            List.of(Decoder.Text.class, Decoder.Binary.class, Decoder.TextStream.class, Decoder.BinaryStream.class);

    private MessageTypes() {}

    /**
     * The Decoders for its messages, where not all of them are to be asked.
     *
     * @param own those of the endpoint, without the built-in ones
     * @param all and those
     * @throws DeploymentException when nothing makes what a method takes
     */
    static Optional<List<Class<? extends Decoder>>> decoders(
            Class<?> endpoint, List<Class<? extends Decoder>> own, List<Class<? extends Decoder>> all)
            throws DeploymentException {
        for (Method method : endpoint.getMethods()) {
            if (method.isAnnotationPresent(OnMessage.class) && !method.isBridge()) {
                Optional<Class<?>> unclear = unclear(endpoint, method);
                if (unclear.isPresent()) {
                    return Optional.of(makersOf(endpoint, method, unclear.get(), own, all));
                }
            }
        }
        return Optional.empty();
    }

    private static List<Class<? extends Decoder>> makersOf(
            Class<?> endpoint,
            Method method,
            Class<?> message,
            List<Class<? extends Decoder>> own,
            List<Class<? extends Decoder>> all)
            throws DeploymentException {
        List<Class<? extends Decoder>> asked = BUILT_IN.contains(message) ? all : own;
        List<Class<? extends Decoder>> makers = asked.stream()
                .filter(decoder -> message.isAssignableFrom(made(decoder)))
                .toList();
        if (makers.isEmpty()) {
            throw new DeploymentException(
                    endpoint.getName() + " has the method " + method.getName() + ", whose message is a "
                            + message.getName() + ": say which class it is, or name a Decoder that makes it.");
        }
        return makers;
    }

    /** The class of its message, where Tyrus would see another or could take it for anything. */
    private static Optional<Class<?>> unclear(Class<?> endpoint, Method method) {
        List<Integer> candidates = IntStream.range(0, method.getParameterCount())
                .filter(i -> isMessage(method.getParameterTypes()[i], method.getParameterAnnotations()[i]))
                .boxed()
                .toList();
        if (candidates.size() != 1) { // parts of a message are texts or bytes
            return Optional.empty();
        }
        Class<?> seen = method.getParameterTypes()[candidates.get(0)];
        Type written = method.getGenericParameterTypes()[candidates.get(0)];
        Class<?> meant = GenericTypes.of(endpoint).erase(written);
        boolean isAnything = BUILT_IN.stream().anyMatch(type -> type != seen && seen.isAssignableFrom(type));
        return seen != PongMessage.class && (seen != meant || isAnything) ? Optional.of(meant) : Optional.empty();
    }

    private static boolean isMessage(Class<?> type, Annotation[] annotations) {
        return type != Session.class
                && Arrays.stream(annotations).noneMatch(annotation -> annotation instanceof PathParam);
    }

    private static Class<?> made(Class<? extends Decoder> decoder) {
        return DECODERS.stream()
                .filter(kind -> kind.isAssignableFrom(decoder))
                .findFirst()
                .<Class<?>>map(kind -> GenericTypes.of(decoder).erase(kind.getTypeParameters()[0]))
                .orElse(Void.class);
    }
}
