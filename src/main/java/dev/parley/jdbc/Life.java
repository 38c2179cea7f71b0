package dev.parley.jdbc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * One life of a database: what is appended in it stays appended, unless another life begins. A hash of each mark that it
 * has; a mark that nobody could read is {@link #UNKNOWN}.
 *
 * <p>The hard case: two nodes of which one may read less than the other. Marks are compared where both know them, and
 * what one life has known is kept, so that the two find the same life and neither begins an epoch after every append of
 * the other.
 */
record Life(List<String> marks) {
    private static final String UNKNOWN = "-";
    private static final String SEPARATOR = ".";
    private static final int BYTES = 4;

    /** One that is over: no other is the same. */
    static final Life NONE = new Life(List.of(UNKNOWN));

    Life {
        marks = List.copyOf(marks);
    }

    /** By what was read, always in the same order. */
    static Life of(List<Optional<String>> read) {
        return new Life(
                read.stream().map(mark -> mark.map(Life::hash).orElse(UNKNOWN)).toList());
    }

    /** As {@link #toString} has written it. */
    static Life parse(String text) {
        return new Life(List.of(text.split("\\" + SEPARATOR)));
    }

    boolean isSame(Life other) {
        if (marks.size() != other.marks.size()) {
            return false;
        }
        for (int i = 0; i < marks.size(); i++) {
            String mine = marks.get(i);
            String others = other.marks.get(i);
            if (!mine.equals(others) && !mine.equals(UNKNOWN) && !others.equals(UNKNOWN)) {
                return false;
            }
        }
        return true;
    }

    /** With the marks that are known of the same life already. */
    Life with(Life known) {
        List<String> all = new ArrayList<>(marks);
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).equals(UNKNOWN)) {
                all.set(i, known.marks.get(i));
            }
        }
        return new Life(all);
    }

    @Override
    public String toString() {
        return String.join(SEPARATOR, marks);
    }

    private static String hash(String mark) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(mark.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
