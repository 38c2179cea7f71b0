package dev.parley.frames;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A client's opening handshake as HTTP has read it (RFC 6455 section 4.1).
 *
 * @param hasBody whether a body follows, or may
 * @param headers the values of each, one for each line; found by name in upper or lower case
 */
public record OpeningHandshake(RequestLine line, boolean hasBody, Map<String, List<String>> headers) {

    /**
     * @param path as it was sent
     * @param http11 whether it says HTTP/1.1
     */
    public record RequestLine(String method, String path, Optional<String> query, boolean http11) {}

    List<String> values(String header) {
        return headers.getOrDefault(header, List.of());
    }
}
