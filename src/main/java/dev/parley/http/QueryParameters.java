package dev.parley.http;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The parameters of a query (RFC 3986 section 3.4, as forms write them). One that is unknown, or is there twice though it
 * may be once, is an error, so that a misspelt one is not taken for none.
 */
final class QueryParameters {
    private static final int RADIX = 16;

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    /**
     * @param many the names of those that may be there more than once
     * @throws RefusedException {@code malformed}
     */
    QueryParameters(Optional<String> query, Set<String> once, Set<String> many) {
        String text = query.orElse("");
        for (String pair : text.isEmpty() ? new String[0] : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = ofForm(equals < 0 ? pair : pair.substring(0, equals));
            if (!once.contains(name) && !many.contains(name)) {
                throw wrong("There is no parameter " + excerpt(name) + " here.");
            }
            List<String> ofName = values.computeIfAbsent(name, unknown -> new ArrayList<>(1));
            if (!ofName.isEmpty() && once.contains(name)) {
                throw wrong("The parameter " + name + " is there twice.");
            }
            ofName.add(ofForm(equals < 0 ? "" : pair.substring(equals + 1)));
        }
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    Optional<String> one(String name) {
        return all(name).stream().findFirst();
    }

    /** @throws RefusedException {@code malformed}, when it is no whole number from {@code least} to {@code most} */
    OptionalInt number(String name, int least, int most) {
        Optional<String> text = one(name);
        return text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(number(name, text.get(), least, most));
    }

    /**
     * All of that name, in their order; an empty one is none.
     *
     * @throws RefusedException {@code malformed}
     */
    List<OptionalInt> numbers(String name, int least, int most) {
        return all(name).stream()
                .map(text -> text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(number(name, text, least, most)))
                .toList();
    }

    private static int number(String name, String text, int least, int most) {
        boolean digits = text.matches("[0-9]{1,9}");
        if (!digits || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw wrong("The parameter " + name + " is a number from " + least + " to " + most + ", not "
                    + excerpt(text) + ".");
        }
        return Integer.parseInt(text);
    }

    /** @throws RefusedException {@code malformed}, when it is neither {@code true} nor {@code false} */
    boolean flag(String name) {
        return switch (one(name).orElse("false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong("The parameter " + name + " is true or false.");
        };
    }

    static RefusedException wrong(String sentence) {
        return new RefusedException(ErrorCode.MALFORMED, sentence);
    }

    /** Of what a client sent, so much that the mistake is seen. */
    static String excerpt(String text) {
        int most = 40;
        return "'" + (text.length() > most ? text.substring(0, most) + "…" : text) + "'";
    }

    private static String ofForm(String text) {
        return decode(text.replace('+', ' '));
    }

    /** @throws RefusedException {@code malformed}, when an escape is broken or hides what is no UTF-8 */
    static String decode(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                bytes.write(octet(text, i));
                i += 2;
            } else {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw wrong("Escapes hide what is no UTF-8.");
        }
    }

    private static int octet(String text, int at) {
        if (at + 2 >= text.length()
                || Character.digit(text.charAt(at + 1), RADIX) < 0
                || Character.digit(text.charAt(at + 2), RADIX) < 0) {
            throw wrong("An escape is not a percent sign and two hexadecimal digits.");
        }
        return Integer.parseInt(text, at + 1, at + 3, RADIX);
    }
}
