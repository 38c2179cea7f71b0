package dev.parley.grizzly;

import dev.parley.security.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How long a request's body is, where that has one answer only (RFC 9112 section 6.3). Grizzly takes the first of two
 * lengths that are equal, and forgets a length beside chunks; a proxy may do otherwise, and what one of them takes for the
 * body the other takes for the next request.
 */
final class MessageFraming {
    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

    private MessageFraming() {}

    /** Of a head that has come whole. */
    static Optional<Refusal> check(RequestGrammar head) {
        List<String> lengths = head.values(RequestGrammar.CONTENT_LENGTH);
        List<String> encodings = head.values(RequestGrammar.TRANSFER_ENCODING);
        if (head.values(RequestGrammar.HOST).size() > 1) {
            return refusal("The request has more than one Host.");
        }
        if (lengths.size() > 1 || lengths.stream().anyMatch(text -> !isLength(text))) {
            return refusal("The request's Content-Length is not one number.");
        }
        if (encodings.isEmpty()) {
            return Optional.empty();
        }
        if (!lengths.isEmpty()) {
            return refusal("The request has a Content-Length beside a Transfer-Encoding.");
        }
        return isChunked(encodings) && head.isHttp11()
                ? Optional.empty()
                : refusal("Of transfer encodings this server knows chunked, with HTTP/1.1.");
    }

    private static boolean isLength(String text) {
        return LENGTH.matcher(text).matches();
    }

    private static boolean isChunked(List<String> encodings) {
        return encodings.size() == 1 && "chunked".equalsIgnoreCase(encodings.get(0));
    }

    private static Optional<Refusal> refusal(String sentence) {
        return Optional.of(new Refusal(400, sentence));
    }
}
