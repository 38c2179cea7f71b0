package dev.parley.api;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Channels by name: {@code *} stands for any characters but a dot, {@code **} for any at all; the rest for itself. So
 * {@code chat.*} is every room, and {@code **} every channel. Several are separated by commas: {@code chat, chat.**} is
 * all of the namespace {@code chat}.
 *
 * <p>Asked for every publish: it allocates nothing, and what a client calls its channel cannot make it slow.
 */
public final class ChannelPattern {
    private static final int LONGEST = 250;
    private static final char ANY = '*';
    private static final char ANY_AND_DOTS = '\0';
    private static final Pattern COMMA = Pattern.compile(",");
    private static final String MARKS = "._~-*";

    private final String text;
    private final String[] alternatives;

    private ChannelPattern(String text, String[] alternatives) {
        this.text = text;
        this.alternatives = alternatives;
    }

    /** @throws IllegalArgumentException for what is no pattern; the message is a clause that says why */
    public static ChannelPattern of(String text) {
        String[] alternatives = COMMA.splitAsStream(text).map(String::strip).toArray(String[]::new);
        if (alternatives.length == 0 || !Arrays.stream(alternatives).allMatch(ChannelPattern::isOne)) {
            throw new IllegalArgumentException("a pattern is 1 to " + LONGEST
                    + " letters, digits, '.', '_', '-', '~', '*' (anything but a dot) or '**' (anything)");
        }
        return new ChannelPattern(
                text,
                Arrays.stream(alternatives)
                        .map(one -> one.replace("**", Character.toString(ANY_AND_DOTS)))
                        .toArray(String[]::new));
    }

    private static boolean isOne(String text) {
        return !text.isEmpty()
                && text.length() <= LONGEST
                && !text.contains("***")
                && text.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || MARKS.indexOf(c) >= 0);
    }

    /** All channels of a namespace. */
    public static ChannelPattern ofNamespace(String namespace) {
        return of(namespace + ", " + namespace + ".**");
    }

    /** Whether the channel's whole name is one of those meant. */
    public boolean matches(String channel) {
        for (String pattern : alternatives) {
            if (new Match(pattern, channel).isWhole()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return text;
    }

    /**
     * Goes along both texts; where they differ, the last star takes one character more. An earlier star never need be
     * tried again, since what it could take more of the later one can take as well; only where a dot stops a {@code *}
     * must the last {@code **} take more. The just-in-time compiler keeps it off the heap.
     */
    private static final class Match {
        private final String pattern;
        private final String channel;
        private int inPattern;
        private int inChannel;
        private int afterAny = -1;
        private int takenByAny;
        private int afterDots = -1;
        private int takenByDots;

        private Match(String pattern, String channel) {
            this.pattern = pattern;
            this.channel = channel;
        }

        private boolean isWhole() {
            while (inChannel < channel.length() || inPattern < pattern.length()) {
                if (!goOn() && !takeMore()) {
                    return false;
                }
            }
            return true;
        }

        private boolean goOn() {
            if (inPattern == pattern.length()) {
                return false;
            }
            char wanted = pattern.charAt(inPattern);
            if (wanted == ANY) {
                inPattern++;
                afterAny = inPattern;
                takenByAny = inChannel;
                return true;
            }
            if (wanted == ANY_AND_DOTS) {
                inPattern++;
                afterDots = inPattern;
                takenByDots = inChannel;
                afterAny = -1;
                return true;
            }
            boolean same = inChannel < channel.length() && channel.charAt(inChannel) == wanted;
            if (same) {
                inPattern++;
                inChannel++;
            }
            return same;
        }

        private boolean takeMore() {
            if (afterAny >= 0 && takenByAny < channel.length() && channel.charAt(takenByAny) != '.') {
                takenByAny++;
                inChannel = takenByAny;
                inPattern = afterAny;
                return true;
            }
            if (afterDots >= 0 && takenByDots < channel.length()) {
                takenByDots++;
                inChannel = takenByDots;
                inPattern = afterDots;
                afterAny = -1;
                return true;
            }
            return false;
        }
    }
}
