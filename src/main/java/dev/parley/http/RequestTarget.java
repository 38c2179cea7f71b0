package dev.parley.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The path of a request, decoded, when the target is one that RFC 3986 allows and that has only one reading.
 *
 * <p>Grizzly decodes later and more than once, and what it cannot decode it answers with 500; a path such as {@code
 * /a%2f..%2fb} means different things to different parts of a server, and so gets past whoever looks first. Here it is
 * refused before anyone else sees it.
 *
 * <p>So is a path parameter ({@code /api/drain;x}, RFC 3986 section 3.3) or an empty segment in a path of the API, of
 * health or of metrics: Jakarta REST and servlets leave them out, and a proxy that shuts {@code /api/drain} does not. Nothing
 * there has a use for them.
 */
public record RequestTarget(String path) {
    private static final String UNRESERVED_MARKS = "-._~";
    private static final String SUB_DELIMITERS = "!$&'()*+,;=";
    private static final String PATH_MARKS = UNRESERVED_MARKS + SUB_DELIMITERS + ":@/";
    private static final String QUERY_MARKS = PATH_MARKS + "?[]|{}^`";
    /** What browsers leave as it is in a query too (URL Standard, the special-query percent-encode set). */
    private static final String LENIENT_QUERY_MARKS = QUERY_MARKS + "\\%";

    private static final int RADIX = 16;
    private static final Set<String> OURS = Set.of(ApiApplication.PATH, HealthApplication.PATH, "metrics");

    /**
     * @param rawPath as sent
     * @param query as sent, without the question mark; browsers leave a few more characters in it than RFC 3986, and a percent
     *     sign that escapes nothing, which only what {@link #isOurs} does not take
     * @return empty when a character is illegal, an escape is broken or hides a separator, a segment is {@code ..}, or one of
     *     what {@link #isOurs} has a parameter or is empty
     */
    public static Optional<RequestTarget> parse(String rawPath, @Nullable String query) {
        if (!rawPath.startsWith("/")
                || !isWritten(rawPath, PATH_MARKS)
                || (query != null && !isWritten(query, LENIENT_QUERY_MARKS))) {
            return Optional.empty();
        }
        return decode(rawPath)
                .filter(RequestTarget::hasNoDots)
                .map(RequestTarget::new)
                .filter(target -> !isOurs(target.path())
                        || (target.isPlain() && (query == null || isWritten(query, QUERY_MARKS))));
    }

    /** Whether a path, decoded and below the context root, is of the API, health or metrics, however a server may read it. */
    public static boolean isOurs(String path) {
        int begin = 0;
        while (begin < path.length()) {
            int slash = path.indexOf('/', begin);
            String segment = path.substring(begin, slash < 0 ? path.length() : slash);
            int parameter = segment.indexOf(';');
            String name = parameter < 0 ? segment : segment.substring(0, parameter);
            if (!name.isEmpty()) {
                return OURS.contains(name);
            }
            begin += segment.length() + 1;
        }
        return false;
    }

    /** Whether a path, decoded and below the context root, is of health. */
    public static boolean isHealth(String path) {
        return path.startsWith("/" + HealthApplication.PATH + "/");
    }

    /** Whether no segment has a parameter, and none but the last is empty. */
    public boolean isPlain() {
        return path.indexOf(';') < 0 && !path.contains("//");
    }

    private static boolean isWritten(String text, String marks) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' && marks.indexOf(c) < 0) {
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

    private static boolean hasNoDots(String path) {
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
