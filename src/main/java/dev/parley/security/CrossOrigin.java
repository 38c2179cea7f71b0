package dev.parley.security;

import java.util.Map;

/**
 * What lets a page of another origin, of those that may use the server, read its answers (the Fetch standard's CORS
 * protocol). Who may not is refused by the guard, and is told nothing of this.
 */
public final class CrossOrigin {
    private static final String HOUR = "3600";
    private static final String READABLE = "Location, Parley-Connection, Retry-After";

    private CrossOrigin() {}

    /** Of every answer to this origin, which is trusted with the cookies of who looks at it. */
    static Map<String, String> named(String origin) {
        return Map.of(
                "Access-Control-Allow-Origin", origin,
                "Access-Control-Allow-Credentials", "true",
                "Access-Control-Expose-Headers", READABLE);
    }

    /** Of every answer to whatever origin, without credentials: to say {@code *} a browser gives none. */
    static Map<String, String> any() {
        return Map.of("Access-Control-Allow-Origin", "*", "Access-Control-Expose-Headers", READABLE);
    }

    /** Of the answer to the question what may be asked (a preflight), besides those of every answer. */
    public static Map<String, String> preflight() {
        return Map.of(
                "Access-Control-Allow-Methods", "GET, POST, DELETE",
                "Access-Control-Allow-Headers",
                        "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, Parley-Connection, Parley-Name",
                "Access-Control-Max-Age", HOUR);
    }
}
