package dev.parley.http;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a body (RFC 9110 section 14): from one byte to another, both included. One range is served; who asks for
 * several, or by another unit, is given all, as a server may.
 */
record ByteRange(int first, int last) {
    private static final Pattern FORM = Pattern.compile("bytes=([0-9]{0,9}+)-([0-9]{0,9}+)");

    /**
     * @param headers every header {@code Range}
     * @return empty: all of it is wanted
     */
    static Optional<ByteRange> of(List<String> headers, int size) {
        Matcher range = FORM.matcher(headers.size() == 1 ? headers.get(0).strip() : "");
        if (!range.matches()) {
            return Optional.empty();
        }
        String first = range.group(1);
        String last = range.group(2);
        if (first.isEmpty()) {
            return last.isEmpty() ? Optional.empty() : Optional.of(suffix(Integer.parseInt(last), size));
        }
        int from = Integer.parseInt(first);
        int to = last.isEmpty() ? size - 1 : Integer.parseInt(last);
        if (!last.isEmpty() && to < from) {
            return Optional.empty();
        }
        return Optional.of(new ByteRange(from, Math.min(to, size - 1)));
    }

    private static ByteRange suffix(int count, int size) {
        return count == 0 ? new ByteRange(size, size - 1) : new ByteRange(Math.max(0, size - count), size - 1);
    }

    /** False when it begins behind the end. */
    boolean isSatisfiable() {
        return first <= last;
    }

    int length() {
        return last - first + 1;
    }
}
