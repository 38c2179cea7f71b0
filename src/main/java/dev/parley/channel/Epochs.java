package dev.parley.channel;

import java.security.SecureRandom;

/** Names for the lives of what is kept in memory only. */
final class Epochs {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int LENGTH = 8;

    private Epochs() {}

    static String random() {
        StringBuilder epoch = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            epoch.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        }
        // The one epoch that is taken names a channel without a log; eight letters never make it.
        return epoch.toString();
    }
}
