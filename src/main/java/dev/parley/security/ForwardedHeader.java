package dev.parley.security;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The grammar of the header {@code Forwarded} (RFC 7239 section 4): elements with commas between them, of each proxy one;
 * in an element pairs with semicolons between them; a value that has other characters than a token's in quotes. It is read
 * from one end to the other, each character once, since what stands in it may be a client's.
 *
 * <p>As many proxies do, an address with its port and a host may stand without quotes.
 */
final class ForwardedHeader {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
    private static final String ENDS = " \t\",;=\\";
    private static final char DELETE = 0x7f;

    private final String text;
    private int at;

    private ForwardedHeader(String text) {
        this.text = text;
    }

    /**
     * @param values every header of that name, in their order
     * @return the elements in their order, each with its values by their names in lower case; empty when it is not written
     *     as the grammar has it
     */
    static Optional<List<Map<String, String>>> parse(List<String> values) {
        return new ForwardedHeader(String.join(",", values)).elements();
    }

    private Optional<List<Map<String, String>>> elements() {
        List<Map<String, String>> elements = new ArrayList<>();
        Map<String, String> element = new HashMap<>();
        while (true) {
            skipBlanks();
            if (at < text.length() && ",;".indexOf(text.charAt(at)) < 0 && !pair(element)) {
                return Optional.empty();
            }
            skipBlanks();
            boolean isOver = at == text.length();
            if (!isOver && ",;".indexOf(text.charAt(at)) < 0) {
                return Optional.empty();
            }
            if ((isOver || text.charAt(at) == ',') && !element.isEmpty()) {
                elements.add(element);
                element = new HashMap<>();
            }
            if (isOver) {
                return Optional.of(elements);
            }
            at++;
        }
    }

    /** Whether there is one, of a name that the element has not yet. */
    private boolean pair(Map<String, String> element) {
        int begin = at;
        while (at < text.length() && isOfToken(text.charAt(at))) {
            at++;
        }
        String name = text.substring(begin, at).toLowerCase(Locale.ROOT);
        if (name.isEmpty() || at == text.length() || text.charAt(at) != '=') {
            return false;
        }
        at++;
        Optional<String> value = at < text.length() && text.charAt(at) == '"' ? quoted() : plain();
        return value.isPresent() && element.putIfAbsent(name, value.get()) == null;
    }

    private Optional<String> plain() {
        int begin = at;
        while (at < text.length() && isPrinted(text.charAt(at)) && ENDS.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return begin == at ? Optional.empty() : Optional.of(text.substring(begin, at));
    }

    /** RFC 9110 section 5.6.4. */
    private Optional<String> quoted() {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at);
            at++;
            if (c == '"') {
                return Optional.of(value.toString());
            }
            if (c == '\\') {
                if (at == text.length()) {
                    return Optional.empty();
                }
                c = text.charAt(at);
                at++;
            }
            if (!isPrinted(c) && c != '\t') {
                return Optional.empty();
            }
            value.append(c);
        }
        return Optional.empty();
    }

    private void skipBlanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    private static boolean isOfToken(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || TOKEN_MARKS.indexOf(c) >= 0;
    }

    private static boolean isPrinted(char c) {
        return c >= ' ' && c != DELETE;
    }
}
