package dev.parley.wire;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Names;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The members of one JSON object of a command, each asked for by the kind it must be. Unknown ones are passed over. */
record Fields(String owner, Map<String, @Nullable Object> members) {

    /** The largest whole number that every JSON reader keeps exactly (RFC 8259 section 6). */
    private static final long LARGEST = (1L << 53) - 1;

    private static final Pattern WHOLE_NUMBER = Pattern.compile("[0-9]{1,16}");

    static Fields of(String owner, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            @SuppressWarnings("unchecked") // Json reads objects only into maps with text keys
            Map<String, @Nullable Object> members = (Map<String, @Nullable Object>) map;
            return new Fields(owner, members);
        }
        throw new RefusedException(ErrorCode.MALFORMED, owner + " must be an object.");
    }

    Optional<String> text(String name) {
        Object value = members.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String text) {
            return Optional.of(text);
        }
        throw wrong(name, "text");
    }

    String requiredText(String name) {
        return text(name).orElseThrow(() -> wrong(name, "text"));
    }

    String channel() {
        return Names.requireChannel(requiredText("channel"));
    }

    OptionalInt count(String name) {
        Object value = members.get(name);
        if (value == null) {
            return OptionalInt.empty();
        }
        long number = wholeNumber(value);
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw wrong(name, "a whole number from 0 on");
        }
        return OptionalInt.of((int) number);
    }

    Optional<Position> position(String name) {
        return text(name).map(text -> Position.parse(text).orElseThrow(() -> wrong(name, "a position")));
    }

    @Nullable
    Object value(String name) {
        return members.get(name);
    }

    RefusedException wrong(String name, String expected) {
        return new RefusedException(ErrorCode.MALFORMED, owner + "." + name + " must be " + expected + ".");
    }

    /** Its value, or -1 when it is not a whole number that JSON keeps exactly. */
    static long wholeNumber(@Nullable Object value) {
        if (value instanceof Json.Digits digits
                && WHOLE_NUMBER.matcher(digits.text()).matches()) {
            long parsed = Long.parseLong(digits.text());
            return parsed <= LARGEST ? parsed : -1;
        }
        return -1;
    }

    static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }
}
