package dev.parley.protocol;

/**
 * Looks whether a text is one JSON value (RFC 8259) in one line, within {@link JsonBounds}, and makes nothing of it: what a
 * program publishes is asked this, whichever way it was made, since one text that is none would break the line for all
 * who read it. Blanks between tokens are let pass.
 */
final class JsonLine {
    private static final String ESCAPED = "\"\\/bfnrt";
    private static final int HEX_DIGITS = 4;
    private static final int RADIX = 16;

    private final String text;
    private final boolean[] isObject = new boolean[JsonBounds.DEEPEST + 1];
    private int at;

    private JsonLine(String text) {
        this.text = text;
    }

    /** @throws RefusedException {@code malformed} */
    static void require(String text) {
        JsonLine line = new JsonLine(text);
        line.value();
        line.blanks();
        line.expect(line.at == text.length());
    }

    private void value() {
        int depth = 0;
        do {
            blanks();
            char c = next();
            if (c == '{' || c == '[') {
                depth++;
                JsonBounds.requireDepth(depth);
                isObject[depth] = c == '{';
                if (!isEmpty(c)) {
                    continue;
                }
                depth--;
            } else {
                scalar(c);
            }
            depth = close(depth);
        } while (depth > 0);
    }

    /** Whether what has just been opened is closed at once; a key of its first member is read. */
    private boolean isEmpty(char opened) {
        blanks();
        boolean empty = at < text.length() && text.charAt(at) == (opened == '{' ? '}' : ']');
        if (empty) {
            at++;
        } else if (opened == '{') {
            key();
        }
        return empty;
    }

    /** Goes on to the next value, past the ends of what holds the last one; answers how deep that next one is. */
    private int close(int deep) {
        int depth = deep;
        while (depth > 0) {
            blanks();
            char c = next();
            if (c == ',') {
                if (isObject[depth]) {
                    blanks();
                    key();
                }
                return depth;
            }
            expect(c == (isObject[depth] ? '}' : ']'));
            depth--;
        }
        return 0;
    }

    private void key() {
        expect(next() == '"');
        string();
        blanks();
        expect(next() == ':');
    }

    private void scalar(char first) {
        switch (first) {
            case '"' -> string();
            case 't' -> rest("rue");
            case 'f' -> rest("alse");
            case 'n' -> rest("ull");
            default -> number(first);
        }
    }

    private void rest(String word) {
        expect(text.startsWith(word, at));
        at += word.length();
    }

    private void number(char first) {
        int begin = at - 1;
        char digit = first == '-' ? next() : first;
        expect(isDigit(digit));
        if (digit != '0') {
            digits();
        }
        if (isNext('.')) {
            at++;
            expect(digits() > 0);
        }
        if (isNext('e') || isNext('E')) {
            at++;
            at += isNext('+') || isNext('-') ? 1 : 0;
            expect(digits() > 0);
        }
        JsonBounds.requireNumber(text, begin, at);
    }

    private int digits() {
        int begin = at;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        return at - begin;
    }

    private void string() {
        for (char c = next(); c != '"'; c = next()) {
            if (c == '\\') {
                escape();
            } else if (c < ' ' || Character.isSurrogate(c)) {
                requireWhole(c);
            }
        }
    }

    private void escape() {
        char c = next();
        if (c == 'u') {
            for (int i = 0; i < HEX_DIGITS; i++) {
                char digit = next();
                expect(digit < 0x80 && Character.digit(digit, RADIX) >= 0);
            }
        } else {
            expect(ESCAPED.indexOf(c) >= 0);
        }
    }

    /** A control character breaks every reader's line, and half a pair has no UTF-8 form: each is escaped in JSON. */
    private void requireWhole(char c) {
        if (c < ' ' || at == text.length() || !Character.isSurrogatePair(c, text.charAt(at))) {
            throw new RefusedException(
                    ErrorCode.MALFORMED,
                    "The data must be compact JSON: control characters and halves of pairs escaped.");
        }
        at++;
    }

    private void blanks() {
        while (isNext(' ')) {
            at++;
        }
    }

    private boolean isNext(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    private char next() {
        expect(at < text.length());
        char c = text.charAt(at);
        if (c < ' ') {
            requireWhole(c);
        }
        at++;
        return c;
    }

    private void expect(boolean fits) {
        if (!fits) {
            throw new RefusedException(
                    ErrorCode.MALFORMED, "The data is not JSON: something is wrong at character " + at + ".");
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
