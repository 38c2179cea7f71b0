package dev.parley.security;

import dev.parley.api.Credentials;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds in a request, a handshake too, what it shows of who sends it: a token in {@code Authorization: Bearer} (RFC 6750
 * section 2.1) or else in a cookie, and the user whom the container has logged in. Never anything of the address, which
 * ends in logs and histories.
 *
 * <p>What is there but cannot be right is an error, so that nobody is a guest unawares: two tokens, or one of other than
 * a token's characters. Other schemes of {@code Authorization} are the container's or a proxy's, and passed over.
 */
public final class CredentialsReader {
    /**
     * The status of a refused handshake that shows what cannot be right (RFC 6750 section 3.1,
     * {@code invalid_request}).
     */
    public static final int MALFORMED = 400;

    private static final String SCHEME = "bearer";
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]++=*+");
    private static final Pattern PAIRS = Pattern.compile(";");

    private final String cookie;
    private final Set<String> roles;

    /**
     * @param cookie its name
     * @param roles the container is asked which of these its user has
     */
    public CredentialsReader(String cookie, Set<String> roles) {
        this.cookie = cookie;
        this.roles = Set.copyOf(roles);
    }

    /**
     * @param authorization every header of that name
     * @param cookies every header {@code Cookie}
     * @throws RefusedException {@code bad-credentials}
     */
    public Credentials read(List<String> authorization, List<String> cookies) {
        return read(authorization, cookies, null, role -> false);
    }

    /**
     * The same where a container knows its users.
     *
     * @throws RefusedException {@code bad-credentials}
     */
    public Credentials read(
            List<String> authorization, List<String> cookies, @Nullable Principal user, Predicate<String> isInRole) {
        Optional<String> token = bearer(authorization).or(() -> cookie(cookies));
        Optional<String> name =
                Optional.ofNullable(user).map(Principal::getName).filter(text -> !text.isEmpty());
        Set<String> held =
                name.isEmpty() ? Set.of() : roles.stream().filter(isInRole).collect(Collectors.toSet());
        return new Credentials(name, held, token, Optional.empty(), Optional.empty());
    }

    private static Optional<String> bearer(List<String> headers) {
        if (headers.size() > 1) {
            throw wrong("The request has more than one Authorization header.");
        }
        return headers.stream()
                .map(String::strip)
                .filter(CredentialsReader::isBearer)
                .map(value -> token(value.substring(SCHEME.length()).strip(), "Authorization header"))
                .findFirst();
    }

    /** A header without a value is of no scheme, and so is not passed over. */
    private static boolean isBearer(String value) {
        if (value.isEmpty()) {
            throw wrong("The request has an empty Authorization header.");
        }
        return value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && (value.length() == SCHEME.length() || value.charAt(SCHEME.length()) <= ' ');
    }

    /** Another site below the same domain can set a second cookie of the same name: then nobody knows whose it is. */
    private Optional<String> cookie(List<String> headers) {
        List<String> found = headers.stream()
                .flatMap(PAIRS::splitAsStream)
                .map(String::strip)
                .flatMap(this::ofCookie)
                .toList();
        if (found.size() > 1) {
            throw wrong("The request has more than one cookie " + cookie + ".");
        }
        return found.stream().findFirst().map(value -> token(value, "cookie " + cookie));
    }

    /** A value may stand in double quotes (RFC 6265 section 4.1.1). An emptied cookie is none. */
    private Stream<String> ofCookie(String pair) {
        int equals = pair.indexOf('=');
        if (equals < 0 || !pair.substring(0, equals).strip().equals(cookie)) {
            return Stream.empty();
        }
        String value = pair.substring(equals + 1).strip();
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return Stream.of(quoted ? value.substring(1, value.length() - 1) : value)
                .filter(text -> !text.isEmpty());
    }

    private static String token(String text, String place) {
        if (!TOKEN.matcher(text).matches()) {
            throw wrong("The " + place + " holds no token.");
        }
        return text;
    }

    private static RefusedException wrong(String sentence) {
        return new RefusedException(ErrorCode.BAD_CREDENTIALS, sentence);
    }
}
