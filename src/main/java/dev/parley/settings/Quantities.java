package dev.parley.settings;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How people write a duration and a number of bytes in a setting. */
public final class Quantities {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,10})\\s*(ms|s|m|h|d)");
    private static final Pattern BYTES = Pattern.compile("(\\d{1,10})\\s*(B|KB|MB|GB)?");
    private static final int STEP = 1024;

    private Quantities() {}

    /**
     * {@code 500ms}, {@code 30s}, {@code 5m}, {@code 24h}, {@code 7d} or ISO 8601 such as {@code PT30S}; never
     * negative.
     */
    public static Optional<Duration> duration(String text) {
        Matcher parts = DURATION.matcher(text.strip().toLowerCase(Locale.ROOT));
        return parts.matches() ? Optional.of(duration(Long.parseLong(parts.group(1)), parts.group(2))) : iso(text);
    }

    /** {@code 65536}, {@code 64KB}, {@code 5MB}, {@code 1GB}, by steps of 1024. */
    static Optional<Long> bytes(String text) {
        Matcher parts = BYTES.matcher(text.strip().toUpperCase(Locale.ROOT));
        return parts.matches()
                ? Optional.of(Long.parseLong(parts.group(1)) * bytesOf(parts.group(2)))
                : Optional.empty();
    }

    private static Duration duration(long count, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    private static Optional<Duration> iso(String text) {
        try {
            return Optional.of(Duration.parse(text.strip())).filter(duration -> !duration.isNegative());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static long bytesOf(String unit) {
        if (unit == null) {
            return 1;
        }
        return switch (unit) {
            case "KB" -> STEP;
            case "MB" -> (long) STEP * STEP;
            case "GB" -> (long) STEP * STEP * STEP;
            default -> 1;
        };
    }
}
