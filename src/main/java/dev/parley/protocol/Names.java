package dev.parley.protocol;

import java.util.Optional;

/**
 * What may be a channel, a key, a user, a display name, a media type. What a database could choke on (NUL, half a
 * surrogate pair) is refused here, before it is queued with other people's messages.
 */
public final class Names {
    private static final int CHANNEL_LENGTH = 200;
    private static final int KEY_LENGTH = 200;
    private static final int USER_LENGTH = 200;
    private static final int TYPE_LENGTH = 127;

    private Names() {}

    /** 1 to 200 of ASCII letters, digits, {@code . _ - ~}, beginning with a letter or digit. */
    public static boolean isChannel(String text) {
        return !text.isEmpty()
                && text.length() <= CHANNEL_LENGTH
                && isLetterOrDigit(text.charAt(0))
                && text.chars().allMatch(c -> isLetterOrDigit(c) || c == '.' || c == '_' || c == '-' || c == '~');
    }

    /** 1 to 200 printable characters. */
    public static boolean isKey(String text) {
        return isPrintable(text, KEY_LENGTH);
    }

    /** 1 to 200 printable characters. Whoever may be shown by it is more than that: {@link #isVisible}. */
    public static boolean isUser(String text) {
        return isPrintable(text, USER_LENGTH);
    }

    /** 1 to 100 visible characters, see {@link DisplayName}. */
    public static boolean isDisplayName(String text) {
        return DisplayName.isOne(text);
    }

    /** Whether nothing of it is invisible or turns the text around it. */
    public static boolean isVisible(String text) {
        return DisplayName.isVisible(text);
    }

    /** {@code type/subtype} of RFC 6838 section 4.2, with parameters of printable ASCII; at most 127 characters. */
    public static boolean isType(String text) {
        int slash = text.indexOf('/');
        int end = text.indexOf(';') < 0 ? text.length() : text.indexOf(';');
        return text.length() <= TYPE_LENGTH
                && slash > 0
                && slash < end - 1
                && text.chars().limit(slash).allMatch(Names::isTypeCharacter)
                && isSubtype(text.substring(slash + 1, end))
                && text.chars().skip(end).allMatch(c -> c >= ' ' && c < 0x7f);
    }

    /** What stands before the first dot; a channel without a dot is its own namespace. */
    public static String namespace(String channel) {
        int dot = channel.indexOf('.');
        return dot < 0 ? channel : channel.substring(0, dot);
    }

    /** The channel, or an {@code invalid-name} error that says which rule it breaks. */
    public static String requireChannel(String text) {
        if (!isChannel(text)) {
            throw new RefusedException(
                    ErrorCode.INVALID_NAME,
                    "A channel is 1 to " + CHANNEL_LENGTH
                            + " letters, digits, '.', '_', '-' or '~', beginning with a letter or digit.");
        }
        return text;
    }

    /** The key, if there is one, or an {@code invalid-name} error that says which rule it breaks. */
    public static Optional<String> requireKey(Optional<String> key) {
        key.filter(text -> !isKey(text)).ifPresent(text -> {
            throw new RefusedException(
                    ErrorCode.INVALID_NAME, "A key is 1 to " + KEY_LENGTH + " printable characters.");
        });
        return key;
    }

    private static boolean isPrintable(String text, int longest) {
        return !text.isBlank() && text.length() <= longest && text.codePoints().allMatch(Names::isPrintable);
    }

    private static boolean isPrintable(int codePoint) {
        int kind = Character.getType(codePoint);
        return kind != Character.CONTROL
                && kind != Character.SURROGATE
                && kind != Character.LINE_SEPARATOR
                && kind != Character.PARAGRAPH_SEPARATOR
                && !isNoncharacter(codePoint)
                && !isBidiControl(codePoint);
    }

    /** Unicode promises never to make these characters; what else is unassigned may be a newer Unicode's emoji. */
    private static boolean isNoncharacter(int codePoint) {
        return (codePoint & 0xfffe) == 0xfffe || (codePoint >= 0xfdd0 && codePoint <= 0xfdef);
    }

    /** Marks that turn the text around them would let one name look like another (CVE-2021-42574). */
    private static boolean isBidiControl(int codePoint) {
        return (codePoint >= 0x202a && codePoint <= 0x202e) || (codePoint >= 0x2066 && codePoint <= 0x2069);
    }

    /** Blanks may stand between it and a parameter. */
    private static boolean isSubtype(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        String name = text.substring(0, end);
        return !name.isEmpty() && name.chars().allMatch(Names::isTypeCharacter);
    }

    private static boolean isTypeCharacter(int c) {
        return isLetterOrDigit(c) || "!#$&-^_.+".indexOf(c) >= 0;
    }

    private static boolean isLetterOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
