package dev.parley.websocket;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds for which class a generic interface is implemented.
 *
 * <p>The hard case: {@code OrderEncoder extends JsonEncoder<Order>}, where {@code JsonEncoder<T>} implements
 * {@code Encoder.Text<T>}: the T is known only one step before.
 */
final class TypeArguments {
    private TypeArguments() {}

    /** Empty when the class does not implement the interface, or does not say for what. */
    static Optional<Class<?>> of(Class<?> type, Class<?> generic) {
        return find(type, generic, Map.of());
    }

    private static Optional<Class<?>> find(@Nullable Type type, Class<?> generic, Map<Type, Type> known) {
        if (type instanceof ParameterizedType parameterized && parameterized.getRawType() instanceof Class<?> raw) {
            Map<Type, Type> arguments = new HashMap<>();
            TypeVariable<?>[] variables = raw.getTypeParameters();
            for (int i = 0; i < variables.length; i++) {
                Type argument = parameterized.getActualTypeArguments()[i];
                arguments.put(variables[i], known.getOrDefault(argument, argument));
            }
            return raw == generic ? raw(arguments.get(variables[0])) : findAbove(raw, generic, arguments);
        }
        return type instanceof Class<?> raw ? findAbove(raw, generic, Map.of()) : Optional.empty();
    }

    private static Optional<Class<?>> findAbove(Class<?> raw, Class<?> generic, Map<Type, Type> known) {
        return Stream.concat(Stream.ofNullable(raw.getGenericSuperclass()), Arrays.stream(raw.getGenericInterfaces()))
                .map(above -> find(above, generic, known))
                .<Class<?>>flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Class<?>> raw(@Nullable Type argument) {
        if (argument instanceof Class<?> type) {
            return Optional.of(type);
        }
        return argument instanceof ParameterizedType parameterized ? raw(parameterized.getRawType()) : Optional.empty();
    }
}
