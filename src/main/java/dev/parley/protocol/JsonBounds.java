package dev.parley.protocol;

/**
 * What JSON may be like that is published, by whatever door it comes, so that every client can read it again: a limit that
 * one door has and another has not is a message that somebody meets and cannot pass.
 *
 * <p>The numbers are those that RFC 8259 section 6 and 9 leave to who reads: JSON-P refuses numbers of more than 1,100
 * characters when they are looked at, Java's decimals exponents of more than 9 digits, and others far less.
 */
public final class JsonBounds {
    /** How deep arrays and objects may be nested, whatever they stand in. */
    public static final int DEEPEST = 100;

    /** Of a number, in characters. */
    public static final int LONGEST_NUMBER = 1_000;

    private static final int LONGEST_EXPONENT = 4;

    private JsonBounds() {}

    /**
     * Looks at how many arrays and objects stand in each other.
     *
     * @throws RefusedException {@code malformed}, when they are too many
     */
    public static void requireDepth(int depth) {
        if (depth > DEEPEST) {
            throw new RefusedException(ErrorCode.MALFORMED, "JSON may be nested " + DEEPEST + " deep.");
        }
    }

    /** @param end of the number that begins at {@code begin} and is well formed */
    static void requireNumber(CharSequence text, int begin, int end) {
        int exponent = end;
        for (int i = begin; i < end; i++) {
            char c = text.charAt(i);
            if (c == 'e' || c == 'E') {
                exponent = Character.digit(text.charAt(i + 1), 10) < 0 ? i + 2 : i + 1;
            }
        }
        if (end - begin > LONGEST_NUMBER || end - exponent > LONGEST_EXPONENT) {
            throw new RefusedException(
                    ErrorCode.MALFORMED,
                    "A number has up to " + LONGEST_NUMBER + " characters, and an exponent of up to " + LONGEST_EXPONENT
                            + " digits.");
        }
    }
}
