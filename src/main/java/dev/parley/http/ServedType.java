package dev.parley.http;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * As what the bytes of a message are given to whoever fetches them.
 *
 * <p>Their own type is whatever a client has said, and they come from our own origin: taken as a script, a style sheet or
 * a page they would act for whoever looks at them. So a type is believed only if nothing that a browser does with it runs
 * anything: pictures of points, sound, film and plain text. All else, of JavaScript's many names as well as of what no
 * browser knows today, is bytes ({@code application/octet-stream}) to be saved; what it really is the message says.
 * Parameters are left out: browsers have read a second type out of them.
 *
 * @param type of media, without parameters
 * @param disposition of RFC 6266: {@code inline} for what a browser may show
 */
record ServedType(String type, String disposition) {
    static final ServedType BYTES = new ServedType("application/octet-stream", "attachment");

    /** Of our own making: the data of a message that is no bytes, read by {@code fetch} and never run, see nosniff. */
    private static final String JSON = "application/json";

    private static final Set<String> PICTURES = Set.of("image/png", "image/jpeg", "image/gif", "image/webp");

    /** What needs no picture in a page to be of use is saved, as it always was. */
    private static final Set<String> INERT = Set.of(
            JSON,
            "image/avif",
            "image/bmp",
            "audio/aac",
            "audio/flac",
            "audio/mp4",
            "audio/mpeg",
            "audio/ogg",
            "audio/wav",
            "audio/webm",
            "video/mp4",
            "video/ogg",
            "video/webm",
            "text/plain");

    /**
     * By which a browser holds whatever it gets to be none of its own: no guessing of types (the Fetch standard's
     * nosniff), nothing for {@code <script>}, {@code <link>}, {@code <img>} of other origins (the Fetch standard's
     * cross-origin resource policy; their {@code fetch} is CORS' own affair), and a page in a sandbox, if it is one after
     * all.
     */
    private static final Map<String, String> FENCE = Map.of(
            "Content-Security-Policy", "sandbox; default-src 'none'",
            "Cross-Origin-Resource-Policy", "same-origin",
            "X-Content-Type-Options", "nosniff");

    /** @param claimed a media type, perhaps with parameters, as a client has said it */
    static ServedType of(String claimed) {
        int end = claimed.indexOf(';');
        String type = (end < 0 ? claimed : claimed.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        if (PICTURES.contains(type)) {
            return new ServedType(type, "inline");
        }
        return INERT.contains(type) ? new ServedType(type, "attachment") : BYTES;
    }

    /** Headers of every answer with such bytes, or about them. */
    static Map<String, String> fence() {
        return FENCE;
    }
}
