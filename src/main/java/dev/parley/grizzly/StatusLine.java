package dev.parley.grizzly;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.util.HttpStatus;

/**
 * The reason beside a status, as the registry has it (RFC 9110 section 15). Grizzly says {@code CUSTOM} where it knows
 * none, and has some of an older registry; Jersey brings reasons of its own.
 */
final class StatusLine {
    private static final String UNKNOWN = "CUSTOM";

    private static final Map<Integer, HttpStatus> REGISTERED = Stream.of(
                    HttpStatus.newHttpStatus(101, "Switching Protocols"),
                    HttpStatus.newHttpStatus(203, "Non-Authoritative Information"),
                    HttpStatus.newHttpStatus(413, "Content Too Large"),
                    HttpStatus.newHttpStatus(414, "URI Too Long"),
                    HttpStatus.newHttpStatus(416, "Range Not Satisfiable"),
                    HttpStatus.newHttpStatus(422, "Unprocessable Content"),
                    HttpStatus.newHttpStatus(425, "Too Early"),
                    HttpStatus.newHttpStatus(426, "Upgrade Required"),
                    HttpStatus.newHttpStatus(428, "Precondition Required"),
                    HttpStatus.newHttpStatus(429, "Too Many Requests"),
                    HttpStatus.newHttpStatus(451, "Unavailable For Legal Reasons"),
                    HttpStatus.newHttpStatus(507, "Insufficient Storage"),
                    HttpStatus.newHttpStatus(511, "Network Authentication Required"))
            .collect(Collectors.toUnmodifiableMap(HttpStatus::getStatusCode, status -> status));

    private StatusLine() {}

    /** Of an answer whose status is known, and none of it written. */
    static void complete(HttpResponsePacket response) {
        response.setStatus(of(response.getStatus()));
    }

    /** Without a reason where the registry has no such status. */
    static HttpStatus of(int status) {
        HttpStatus registered = REGISTERED.get(status);
        if (registered != null) {
            return registered;
        }
        HttpStatus known = HttpStatus.getHttpStatus(status);
        return known.getReasonPhrase().equals(UNKNOWN) ? HttpStatus.newHttpStatus(status, "") : known;
    }
}
