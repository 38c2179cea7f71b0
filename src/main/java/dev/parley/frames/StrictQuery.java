package dev.parley.frames;

/**
 * A query as browsers send it, made one that RFC 3986 section 3.4 allows: what they leave in it as it is, such as {@code \\} or
 * a percent sign that escapes nothing, is escaped, and so read as it was written. A {@code URI} takes nothing else.
 */
public final class StrictQuery {
    private static final String LENIENT = "[]|{}^`\\";
    private static final int RADIX = 16;

    private StrictQuery() {}

    public static String of(String query) {
        StringBuilder strict = new StringBuilder(query.length());
        for (int i = 0; i < query.length(); i++) {
            char c = query.charAt(i);
            if (LENIENT.indexOf(c) >= 0 || (c == '%' && !isEscape(query, i))) {
                strict.append('%').append(Integer.toHexString(c));
            } else {
                strict.append(c);
            }
        }
        return strict.toString();
    }

    private static boolean isEscape(String query, int at) {
        return at + 2 < query.length() && isHex(query.charAt(at + 1)) && isHex(query.charAt(at + 2));
    }

    private static boolean isHex(char c) {
        return c < 0x80 && Character.digit(c, RADIX) >= 0;
    }
}
