package dev.parley.grizzly;

import dev.parley.security.Refusal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.glassfish.grizzly.http.HttpRequestPacket;

/**
 * How long a request's body is, where that has one answer only, whatever its method (RFC 9112 section 6.3). Grizzly takes
 * the first of two lengths that are equal, forgets a length beside chunks, and reads the body of a TRACE as the next
 * request; a proxy may do otherwise, and what one of them takes for the body the other takes for the next request.
 */
final class MessageFraming {
    private static final int BAD_REQUEST = 400;
    private static final int EXPECTATION_FAILED = 417;
    private static final int MOST_DIGITS = 18;
    private static final int NONE = -1;

    /** Of them nothing but another protocol may follow, which this server does not speak. */
    private static final Set<String> OTHER_PROTOCOLS = Set.of("CONNECT", "PRI");

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
        if (!encodings.isEmpty() && !lengths.isEmpty()) {
            return refusal("The request has a Content-Length beside a Transfer-Encoding.");
        }
        if (!encodings.isEmpty() && !(isChunked(encodings) && head.isHttp11())) {
            return refusal("Of transfer encodings this server knows chunked, with HTTP/1.1.");
        }
        if (OTHER_PROTOCOLS.contains(head.method())) {
            return refusal("This server is no proxy and speaks HTTP/1.1 only.");
        }
        if (head.method().equals("TRACE") && hasBody(head)) {
            return refusal("A TRACE has no body (RFC 9110 section 9.3.8).");
        }
        return expectation(head);
    }

    /** RFC 9110 section 10.1.1: who speaks HTTP/1.0 expects nothing. */
    private static Optional<Refusal> expectation(RequestGrammar head) {
        boolean isKnown = head.values(RequestGrammar.EXPECT).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .allMatch(part -> part.strip().equalsIgnoreCase("100-continue"));
        return isKnown || !head.isHttp11()
                ? Optional.empty()
                : Optional.of(
                        new Refusal(EXPECTATION_FAILED, "Of expectations this server knows 100-continue (Expect)."));
    }

    /** Says to Grizzly what was found: it may have read the same head in another way. */
    static void apply(RequestGrammar head, HttpRequestPacket request) {
        boolean isChunked = !head.values(RequestGrammar.TRANSFER_ENCODING).isEmpty();
        request.setContentLengthLong(isChunked ? NONE : length(head));
        request.setChunked(isChunked);
    }

    private static boolean hasBody(RequestGrammar head) {
        return length(head) > 0
                || !head.values(RequestGrammar.TRANSFER_ENCODING).isEmpty();
    }

    private static long length(RequestGrammar head) {
        return head.values(RequestGrammar.CONTENT_LENGTH).stream()
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(NONE);
    }

    private static boolean isLength(String text) {
        return !text.isEmpty() && text.length() <= MOST_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean isChunked(List<String> encodings) {
        return encodings.size() == 1 && "chunked".equalsIgnoreCase(encodings.get(0));
    }

    private static Optional<Refusal> refusal(String sentence) {
        return Optional.of(new Refusal(BAD_REQUEST, sentence));
    }
}
