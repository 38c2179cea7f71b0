package dev.parley.frames;

import jakarta.websocket.DecodeException;
import jakarta.websocket.Decoder;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.OnError;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Optional;
import org.glassfish.tyrus.core.coder.PrimitiveDecoders;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint's method for errors, called so that what it throws itself is known: Tyrus says that at INFO and to nobody
 * else.
 *
 * @param config what the method may ask for
 */
record OnErrorMethod(Method method, EndpointConfig config) {

    /** Of an annotated class, where it has one; that it may have its parameters was looked at when it was deployed. */
    static Optional<OnErrorMethod> of(Class<?> endpoint, EndpointConfig config) {
        return Arrays.stream(endpoint.getMethods())
                .filter(method -> method.isAnnotationPresent(OnError.class) && !method.isBridge())
                .findFirst()
                .map(method -> new OnErrorMethod(method, config));
    }

    /** @throws Throwable what it throws itself */
    void call(Object endpoint, Session session, Throwable error) throws Throwable {
        Parameter[] parameters = method.getParameters();
        Object[] values = new Object[parameters.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(parameters[i], session, error);
        }
        try {
            Object unused = method.invoke(endpoint, values);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private @Nullable Object value(Parameter parameter, Session session, Throwable error) throws DecodeException {
        Class<?> type = parameter.getType();
        PathParam path = parameter.getAnnotation(PathParam.class);
        if (path != null) {
            return ofPath(session.getPathParameters().get(path.value()), type);
        }
        if (type == Session.class) {
            return session;
        }
        return type == EndpointConfig.class ? config : error;
    }

    private static @Nullable Object ofPath(@Nullable String value, Class<?> type) throws DecodeException {
        Decoder.Text<?> decoder = PrimitiveDecoders.ALL_INSTANCES.get(
                MethodType.methodType(type).wrap().returnType());
        return value == null || decoder == null ? value : decoder.decode(value);
    }
}
