package dev.parley.protocol;

/** What a Java text may hold and UTF-8 has no form for: halves of surrogate pairs (RFC 3629 section 3). */
public final class Unicode {
    private Unicode() {}

    /** Whether a code point of a Java text is half a pair. */
    public static boolean isHalf(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    /** Whether every half has its other half. */
    public static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isHalf(text.charAt(i))) {
                i++;
                if (i == text.length() || !Character.isSurrogatePair(text.charAt(i - 1), text.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** How many bytes the text is in UTF-8. */
    public static int utf8Length(String text) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a surrogate pair counts two of the pair's four bytes.
            length += c < 0x80 ? 1 : c < 0x800 || isHalf(c) ? 2 : 3;
        }
        return length;
    }
}
