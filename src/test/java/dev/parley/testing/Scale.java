package dev.parley.testing;

import java.util.Locale;

/**
 * How much a test does of what costs time: {@code -Dparley.test.scale=}, of which {@code verify} is what {@code mvn verify}
 * has time for, {@code ci} what each change must pass, and {@code nightly} what takes hours. The assertions are the same
 * at each.
 */
public enum Scale {
    VERIFY,
    CI,
    NIGHTLY;

    private static final Scale NOW =
            valueOf(System.getProperty("parley.test.scale", "verify").toUpperCase(Locale.ROOT));

    /** One of three, as the scale is. */
    public static <T> T of(T verify, T ci, T nightly) {
        return switch (NOW) {
            case VERIFY -> verify;
            case CI -> ci;
            case NIGHTLY -> nightly;
        };
    }
}
