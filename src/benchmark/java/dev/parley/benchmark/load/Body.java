package dev.parley.benchmark.load;

/**
 * What is published: {@code ~}, its number as eight hexadecimal digits, and letters up to the size; it begins with
 * {@code ?} where it only asks who is there.
 */
final class Body {
    static final char COUNTED = '~';
    static final char PROBE = '?';
    private static final int DIGITS = 8;

    private Body() {}

    static String of(char kind, long number, int size) {
        StringBuilder body = new StringBuilder(size).append(kind);
        String digits = Long.toHexString(number);
        body.append("0".repeat(DIGITS - digits.length())).append(digits);
        while (body.length() < size) {
            body.append((char) ('a' + body.length() % 26));
        }
        return body.toString();
    }

    /** Whether one with these bounds may begin here. */
    static boolean isAt(byte[] data, int body, int start) {
        return body >= start && (data[body] == COUNTED || data[body] == PROBE);
    }

    static long number(byte[] data, int body) {
        long number = 0;
        for (int i = body + 1; i <= body + DIGITS; i++) {
            int digit = data[i] - '0';
            number = number << 4 | (digit <= 9 ? digit : digit - ('a' - '0' - 10));
        }
        return number;
    }
}
