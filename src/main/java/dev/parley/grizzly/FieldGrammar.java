package dev.parley.grizzly;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads along lines of fields up to the empty line behind them (RFC 9112 section 5): the headers of a request, or the
 * trailers of a body in chunks (section 7.1.2). Says at the first octet that is not as it must be that it is not.
 */
final class FieldGrammar {
    private static final String MARKS = "!#$%&'*+-.^_`|~";
    private static final int DELETE = 0x7f;

    private final Set<String> remember;
    private final Map<String, List<String>> remembered = new HashMap<>();
    private final StringBuilder name = new StringBuilder();
    private final StringBuilder value = new StringBuilder();
    private Part part = Part.LINE;

    /** What the next octet belongs to. */
    private enum Part {
        LINE,
        NAME,
        VALUE,
        LINE_END,
        LAST_LINE_END,
        DONE
    }

    /** @param remember names, in lower case, of those whose values are asked for afterwards */
    FieldGrammar(Set<String> remember) {
        this.remember = remember;
    }

    boolean isDone() {
        return part == Part.DONE;
    }

    /** Of one of those to remember, without the blanks around them. */
    List<String> values(String field) {
        return remembered.getOrDefault(field, List.of());
    }

    /** What is wrong with the next octet, if anything. */
    Optional<String> wrong(int octet) {
        return switch (part) {
            case LINE -> atLine(octet);
            case NAME -> inName(octet);
            case VALUE -> inValue(octet);
            case LINE_END -> lineFeed(octet, Part.LINE);
            case LAST_LINE_END -> lineFeed(octet, Part.DONE);
            case DONE -> Optional.empty();
        };
    }

    private Optional<String> atLine(int octet) {
        if (octet == '\r') {
            part = Part.LAST_LINE_END;
            return Optional.empty();
        }
        part = Part.NAME;
        name.setLength(0);
        value.setLength(0);
        name.append((char) octet);
        return isToken(octet)
                ? Optional.empty()
                : Optional.of(
                        octet == ' ' || octet == '\t'
                                ? "A header goes on in the next line, which is obsolete."
                                : "The name of a header has a character that it must not.");
    }

    private Optional<String> inName(int octet) {
        if (octet == ':') {
            part = Part.VALUE;
            return Optional.empty();
        }
        name.append((char) octet);
        return isToken(octet)
                ? Optional.empty()
                : Optional.of("The name of a header has a character that it must not, or no colon behind it.");
    }

    private Optional<String> inValue(int octet) {
        if (octet == '\r') {
            part = Part.LINE_END;
            remember();
            return Optional.empty();
        }
        value.append((char) octet);
        return isText(octet) ? Optional.empty() : Optional.of("The value of a header has a control character.");
    }

    private void remember() {
        String header = name.toString().toLowerCase(Locale.ROOT);
        if (remember.contains(header)) {
            remembered
                    .computeIfAbsent(header, unknown -> new ArrayList<>())
                    .add(value.toString().strip());
        }
    }

    private Optional<String> lineFeed(int octet, Part then) {
        part = then;
        return lineFeed(octet);
    }

    /** What is wrong with what stands behind a CR. */
    static Optional<String> lineFeed(int octet) {
        return octet == '\n' ? Optional.empty() : Optional.of("A line ends in something else than CR and LF.");
    }

    /** Whether it is a blank, visible or beyond ASCII. */
    static boolean isText(int octet) {
        return octet == '\t' || (octet >= ' ' && octet != DELETE);
    }

    /** Whether it may stand in a name (RFC 9110 section 5.6.2). */
    static boolean isToken(int octet) {
        return (octet >= 'a' && octet <= 'z')
                || (octet >= 'A' && octet <= 'Z')
                || (octet >= '0' && octet <= '9')
                || MARKS.indexOf(octet) >= 0;
    }
}
