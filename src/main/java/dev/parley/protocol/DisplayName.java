package dev.parley.protocol;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How somebody may be shown: what people see is all that is there. Nothing is invisible, turns the text around it, or
 * piles up over its lines, and no word mixes scripts to look like another, as {@code Раul} with two letters of Cyrillic
 * does (UTS #39: section 5.1 by "highly restrictive", of each word, and the marks of section 5.4).
 *
 * <p>A name of one script alone may still look like another's, and two people may have the same: who somebody is, the
 * user's id says, and whoever shows a name shows that beside it.
 */
public final class DisplayName {
    /** In UTF-16. */
    public static final int LENGTH = 100;

    /** What an error says of a name that is none. */
    public static final String RULE = "A name is 1 to " + LENGTH
            + " visible characters: words of one script each, with a" + " single blank between them.";

    private static final int MARKS_IN_A_ROW = 4;
    private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
    private static final int ZERO_WIDTH_JOINER = 0x200d;
    private static final int EMOJI_STYLE = 0xfe0f;
    private static final int KEYCAP = 0x20e3;

    /**
     * First and last of what shows nothing: Unicode's Default_Ignorable_Code_Point, the fillers of Hangul among them, and
     * blanks that are called symbols.
     */
    private static final int[][] INVISIBLE = {
        {0x00ad, 0x00ad},
        {0x034f, 0x034f},
        {0x061c, 0x061c},
        {0x115f, 0x1160},
        {0x17b4, 0x17b5},
        {0x180b, 0x180f},
        {0x200b, 0x200f},
        {0x202a, 0x202e},
        {0x2060, 0x206f},
        {0x2800, 0x2800},
        {0x3164, 0x3164},
        {0xfe00, 0xfe0f},
        {0xfeff, 0xfeff},
        {0xffa0, 0xffa0},
        {0xfff0, 0xfffc},
        {0x16fe4, 0x16fe4},
        {0x1bca0, 0x1bca3},
        {0x1d159, 0x1d159},
        {0x1d173, 0x1d17a},
        {0xe0000, 0xe0fff},
    };

    /** What Java does not know yet is shown where Unicode puts its new emoji. */
    private static final int EMOJI_FIRST = 0x1f000;

    private static final int EMOJI_LAST = 0x1faff;

    /** Scripts whose words are written with joiners: these change how the letters beside them look. */
    private static final Set<UnicodeScript> JOINING = EnumSet.of(
            UnicodeScript.ARABIC,
            UnicodeScript.SYRIAC,
            UnicodeScript.MONGOLIAN,
            UnicodeScript.DEVANAGARI,
            UnicodeScript.BENGALI,
            UnicodeScript.GURMUKHI,
            UnicodeScript.GUJARATI,
            UnicodeScript.ORIYA,
            UnicodeScript.TAMIL,
            UnicodeScript.TELUGU,
            UnicodeScript.KANNADA,
            UnicodeScript.MALAYALAM,
            UnicodeScript.SINHALA,
            UnicodeScript.MYANMAR,
            UnicodeScript.KHMER);

    /** That one word may have together. */
    private static final List<Set<UnicodeScript>> TOGETHER = List.of(
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA),
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.BOPOMOFO),
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.HANGUL));

    private DisplayName() {}

    /** Whether it may be shown as it is. */
    public static boolean isOne(String text) {
        return text.length() <= LENGTH
                && !text.isEmpty()
                && text.equals(text.strip())
                && !text.contains("  ")
                && isVisible(text)
                && hasFewMarks(text)
                && hasWordsOfOneScript(text);
    }

    /** The same without what shows nothing; empty when what is left still cannot be shown. */
    public static Optional<String> cleaned(String text) {
        int[] points = text.codePoints().toArray();
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < points.length; i++) {
            if (Character.isSpaceChar(points[i]) || Character.isWhitespace(points[i])) {
                clean.append(' ');
            } else if (isVisible(points, i)) {
                clean.appendCodePoint(points[i]);
            }
        }
        String single = clean.toString().replaceAll(" +", " ").strip();
        return Optional.of(single).filter(DisplayName::isOne);
    }

    /** Whether every character shows that it is there, blanks between others included. */
    static boolean isVisible(String text) {
        int[] points = text.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            if (!isVisible(points, i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isVisible(int[] points, int at) {
        int point = points[at];
        if (point == ZERO_WIDTH_JOINER || point == ZERO_WIDTH_NON_JOINER) {
            return joins(points, at);
        }
        if (point == EMOJI_STYLE) {
            return at > 0 && (isEmoji(points[at - 1]) || (at + 1 < points.length && points[at + 1] == KEYCAP));
        }
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.UNASSIGNED -> isOfEmoji(point);
            case Character.SPACE_SEPARATOR -> point == ' ';
            default -> !isListed(point);
        };
    }

    private static boolean isListed(int point) {
        for (int[] range : INVISIBLE) {
            if (point >= range[0] && point <= range[1]) {
                return true;
            }
        }
        return false;
    }

    /** Two emoji to one, or letters of a script that has use for it. */
    private static boolean joins(int[] points, int at) {
        if (at == 0 || at + 1 == points.length) {
            return false;
        }
        int before = points[at - 1];
        int after = points[at + 1];
        if (points[at] == ZERO_WIDTH_JOINER && isEmoji(after) && (isEmoji(before) || before == EMOJI_STYLE)) {
            return true;
        }
        UnicodeScript script = UnicodeScript.of(after);
        return JOINING.contains(script) && script == UnicodeScript.of(before);
    }

    private static boolean isEmoji(int point) {
        return Character.getType(point) == Character.OTHER_SYMBOL || isOfEmoji(point);
    }

    private static boolean isOfEmoji(int point) {
        return point >= EMOJI_FIRST && point <= EMOJI_LAST;
    }

    /** As decomposed, where what was one character with its mark is two. */
    private static boolean hasFewMarks(String text) {
        int marks = 0;
        int before = ' ';
        for (int point :
                Normalizer.normalize(text, Normalizer.Form.NFD).codePoints().toArray()) {
            boolean mark = isMark(point) && point != EMOJI_STYLE;
            marks = mark ? marks + 1 : 0;
            if (marks > MARKS_IN_A_ROW || (mark && (before == ' ' || before == point))) {
                return false;
            }
            before = point;
        }
        return true;
    }

    private static boolean isMark(int point) {
        int type = Character.getType(point);
        return type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
    }

    private static boolean hasWordsOfOneScript(String text) {
        List<Set<UnicodeScript>> words = new ArrayList<>();
        words.add(EnumSet.noneOf(UnicodeScript.class));
        text.codePoints().forEach(point -> {
            if (!Character.isLetter(point) && !isMark(point)) {
                words.add(EnumSet.noneOf(UnicodeScript.class));
            } else if (isOfScript(UnicodeScript.of(point))) {
                words.get(words.size() - 1).add(UnicodeScript.of(point));
            }
        });
        return words.stream()
                .allMatch(word -> word.size() <= 1 || TOGETHER.stream().anyMatch(set -> set.containsAll(word)));
    }

    /** Not of those that go with every script. */
    private static boolean isOfScript(UnicodeScript script) {
        return script != UnicodeScript.COMMON && script != UnicodeScript.INHERITED && script != UnicodeScript.UNKNOWN;
    }
}
