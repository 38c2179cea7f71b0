package dev.parley.security;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Channels by name: {@code *} stands for any characters but a dot, {@code **} for any at all; the rest for itself. So
 * {@code chat.*} is every room, and {@code **} every channel.
 */
public final class ChannelPattern {
    private static final int LONGEST = 250;
    private static final int STARS = 4;

    private final String text;
    private final Pattern pattern;

    private ChannelPattern(String text) {
        this.text = text;
        this.pattern = Pattern.compile(Stream.of(text.split("(?<=\\*)(?!\\*)|(?<!\\*)(?=\\*)"))
                .map(ChannelPattern::part)
                .collect(Collectors.joining()));
    }

    /** @throws IllegalArgumentException for more than four stars, which would cost too much to look for */
    public static ChannelPattern of(String text) {
        long stars = Stream.of(text.split("\\*+", -1)).count() - 1;
        if (text.isEmpty() || text.length() > LONGEST || stars > STARS) {
            throw new IllegalArgumentException(
                    "a pattern has 1 to " + LONGEST + " characters and at most " + STARS + " stars");
        }
        return new ChannelPattern(text);
    }

    /** Whether the channel's whole name is one of those meant. */
    public boolean matches(String channel) {
        return pattern.matcher(channel).matches();
    }

    @Override
    public String toString() {
        return text;
    }

    private static String part(String part) {
        return switch (part) {
            case "*" -> "[^.]*";
            case "**" -> ".*";
            default -> Pattern.quote(part);
        };
    }
}
