package dev.parley.security;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which web pages may talk to the server. A browser lets any page open a WebSocket to anywhere, with the user's
 * cookies, and leaves it to the server to look at the Origin (RFC 6455 section 10.2); no container does by default.
 *
 * <p>Allowed are: no Origin, since what is not a browser sends none and could send any; the server's own, where
 * scheme, host and port are those the request came to; and those listed. A server behind a proxy that ends TLS does not
 * see its public scheme, so there the public origin is listed.
 *
 * <p>{@code *} lets every other page in, {@code null} too, but not as the person who looks at it: what a browser sends
 * along by itself (cookies, a login of the container) is believed of the server's own pages and of those listed by name.
 */
public final class OriginPolicy {
    private static final String EVERY = "*";
    private static final String SEPARATOR = "://";
    private static final String SCHEME_MARKS = "+.-";
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /** An origin of RFC 6454, its default port filled in. */
    private record Origin(String scheme, Authority authority) {
        static Optional<Origin> parse(String text) {
            int end = text.indexOf(SEPARATOR);
            return end > 0 && isScheme(text.substring(0, end))
                    ? Authority.parse(text.substring(end + SEPARATOR.length()))
                            .map(authority -> of(text.substring(0, end).toLowerCase(Locale.ROOT), authority))
                    : Optional.empty();
        }

        /** RFC 3986 section 3.1. */
        private static boolean isScheme(String text) {
            return isLetter(text.charAt(0))
                    && text.chars()
                            .allMatch(c -> isLetter(c) || (c >= '0' && c <= '9') || SCHEME_MARKS.indexOf(c) >= 0);
        }

        private static boolean isLetter(int c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        }

        static Origin of(String scheme, Authority authority) {
            return new Origin(
                    scheme,
                    switch (scheme) {
                        case "http" -> authority.withDefaultPort(HTTP_PORT);
                        case "https" -> authority.withDefaultPort(HTTPS_PORT);
                        default -> authority;
                    });
        }
    }

    private final boolean every;
    private final Set<Origin> allowed;

    /**
     * @param origins such as {@code https://chat.example.org}, compared whole; {@code *} is every origin, but without
     *     cookies
     * @throws IllegalArgumentException for what is no origin
     */
    public OriginPolicy(List<String> origins) {
        this.every = origins.contains(EVERY);
        this.allowed = origins.stream()
                .filter(text -> !text.equals(EVERY))
                .map(text -> Origin.parse(text)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "'" + text + "' is no origin, such as https://chat.example.org")))
                .collect(Collectors.toUnmodifiableSet());
    }

    Optional<Refusal> check(Caller caller) {
        if (caller.origins().isEmpty()) {
            return Optional.empty();
        }
        if (caller.origins().size() > 1) {
            return Optional.of(new Refusal(403, "The request has more than one Origin."));
        }
        return isAllowed(caller)
                ? Optional.empty()
                : Optional.of(new Refusal(
                        403, "Pages of this origin may not use this server; parley.origins lists who may."));
    }

    /** By which a page of another origin than the server's own may read the answer; none when it may not. */
    Map<String, String> crossOrigin(Caller caller) {
        if (caller.origins().size() != 1) {
            return Map.of();
        }
        String text = caller.origins().get(0);
        Optional<Origin> origin = Origin.parse(text);
        if (origin.isPresent() && origin.equals(own(caller))) {
            return Map.of();
        }
        if (isNamed(caller)) {
            return CrossOrigin.named(text);
        }
        return every ? CrossOrigin.any() : Map.of();
    }

    /** Whether what a browser sends along by itself, wherever the page is from, is this caller's own doing. */
    boolean believesCookies(Caller caller) {
        return caller.origins().isEmpty() || (caller.origins().size() == 1 && isNamed(caller));
    }

    private boolean isAllowed(Caller caller) {
        return every || isNamed(caller);
    }

    /** The server's own, or listed whole. */
    private boolean isNamed(Caller caller) {
        Optional<Origin> origin = Origin.parse(caller.origins().get(0));
        return origin.isPresent() && (allowed.contains(origin.get()) || origin.equals(own(caller)));
    }

    private static Optional<Origin> own(Caller caller) {
        String scheme = caller.secure() ? "https" : "http";
        return caller.hosts().size() == 1
                ? Authority.parse(caller.hosts().get(0)).map(host -> Origin.of(scheme, host))
                : Optional.empty();
    }
}
