package dev.parley.grizzly;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The path of a request, decoded, when the target is one that RFC 3986 allows and that has only one reading.
 *
 * <p>Grizzly decodes later and more than once, and what it cannot decode it answers with 500; a path such as {@code
 * /a%2f..%2fb} means different things to different parts of a server, and so gets past whoever looks first. Here it is
 * refused before anyone else sees it.
 */
record RequestTarget(String path) {
    private static final String UNRESERVED_MARKS = "-._~";
    private static final String SUB_DELIMITERS = "!$&'()*+,;=";
    private static final String PATH_MARKS = UNRESERVED_MARKS + SUB_DELIMITERS + ":@/";
    private static final String QUERY_MARKS = PATH_MARKS + "?[]|{}^`";
    private static final int RADIX = 16;

    /**
     * @param rawPath as sent
     * @param query as sent, without the question mark; browsers leave a few more characters in it than RFC 3986
     * @return empty when a character is illegal, an escape is broken or hides a separator, or a segment is {@code ..}
     */
    static Optional<RequestTarget> parse(String rawPath, @Nullable String query) {
        if (!rawPath.startsWith("/")
                || !isWritten(rawPath, PATH_MARKS)
                || (query != null && !isWritten(query, QUERY_MARKS))) {
            return Optional.empty();
        }
        return decode(rawPath).filter(RequestTarget::isPlain).map(RequestTarget::new);
    }

    private static boolean isWritten(String text, String marks) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                if (i + 2 >= text.length() || !isHex(text.charAt(i + 1)) || !isHex(text.charAt(i + 2))) {
                    return false;
                }
            } else if (!isLetterOrDigit(c) && marks.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static Optional<String> decode(String rawPath) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(rawPath.length());
        for (int i = 0; i < rawPath.length(); i++) {
            char c = rawPath.charAt(i);
            if (c != '%') {
                bytes.write(c);
                continue;
            }
            int octet = Integer.parseInt(rawPath, i + 1, i + 3, RADIX);
            if (octet < ' ' || octet == 0x7f || octet == '/' || octet == '\\' || octet == '%') {
                return Optional.empty();
            }
            bytes.write(octet);
            i += 2;
        }
        return utf8(bytes.toByteArray());
    }

    /** Overlong forms, such as C0 AF for a slash, are no UTF-8 (RFC 3629 section 10). */
    private static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static boolean isPlain(String path) {
        for (String segment : path.split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHex(char c) {
        return Character.digit(c, RADIX) >= 0 && c < 0x80;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
