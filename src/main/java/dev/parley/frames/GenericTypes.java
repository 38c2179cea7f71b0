package dev.parley.frames;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the type variables of a class's supertypes stand for in that class.
 *
 * <p>The hard case: {@code Orders extends Desk<Order>}, {@code Desk<T> extends Room<List<T>>}, {@code Room<M>} with a
 * method {@code m(M message)}: what comes is a {@code List}.
 */
final class GenericTypes {
    private final Map<TypeVariable<?>, Type> known = new HashMap<>();

    private GenericTypes(Class<?> type) {
        note(type);
    }

    static GenericTypes of(Class<?> type) {
        return new GenericTypes(type);
    }

    /** The class that is meant; of a variable that nobody has said anything of, its bound. */
    Class<?> erase(Type type) {
        if (type instanceof Class<?> plain) {
            return plain;
        }
        if (type instanceof ParameterizedType parameterized) {
            return erase(parameterized.getRawType());
        }
        if (type instanceof GenericArrayType array) {
            return erase(array.getGenericComponentType()).arrayType();
        }
        if (type instanceof WildcardType wildcard) {
            return erase(wildcard.getUpperBounds()[0]);
        }
        TypeVariable<?> variable = (TypeVariable<?>) type;
        Type said = known.get(variable);
        return erase(said == null || said == variable ? variable.getBounds()[0] : said);
    }

    private void note(@Nullable Class<?> type) {
        if (type == null) {
            return;
        }
        Stream.concat(Stream.ofNullable(type.getGenericSuperclass()), Stream.of(type.getGenericInterfaces()))
                .forEach(above -> {
                    if (above instanceof ParameterizedType parameterized) {
                        note(parameterized);
                    }
                    note(erase(above));
                });
    }

    private void note(ParameterizedType type) {
        TypeVariable<?>[] variables = erase(type.getRawType()).getTypeParameters();
        for (int i = 0; i < variables.length; i++) {
            known.putIfAbsent(variables[i], type.getActualTypeArguments()[i]);
        }
    }
}
