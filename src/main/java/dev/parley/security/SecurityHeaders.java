package dev.parley.security;

import java.util.Map;
import java.util.Optional;

/** What every answer tells a browser not to do. An answer that says something stricter itself keeps it. */
public final class SecurityHeaders {
    private static final String POLICY = "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; "
            + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; connect-src 'self'";

    /**
     * Referrer-Policy is {@code same-origin} and not {@code no-referrer}: with the latter a browser sends {@code Origin:
     * null} with a form of our own page, which the guard must refuse.
     */
    private static final Map<String, String> FIXED = Map.of(
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "same-origin");

    private SecurityHeaders() {}

    /** All but {@code Content-Security-Policy}. */
    public static Map<String, String> fixed() {
        return FIXED;
    }

    /**
     * The value of {@code Content-Security-Policy}. Older browsers do not take {@code 'self'} to cover WebSockets to the
     * same host, so that host is named, and no other.
     *
     * @param host of the request; left out when it is none, so that it can put nothing else into the header
     */
    public static String contentSecurityPolicy(Optional<String> host) {
        return host.filter(text -> Authority.parse(text).isPresent())
                .map(text -> POLICY + " ws://" + text + " wss://" + text)
                .orElse(POLICY);
    }
}
