package dev.parley.security;

import java.security.Principal;
import java.util.Optional;
import java.util.Set;

/**
 * Carries what a handshake showed to the session that it opens: of all that a container knows of a handshake, the user's
 * principal alone reaches every container's session.
 *
 * <p>It says what was claimed. Nothing of a token has been looked at yet, so its name is the container's user or else
 * empty, and no endpoint may take its being there for a login: {@code ChannelSessions.identity} tells who somebody is.
 */
public record HandshakePrincipal(Credentials credentials) implements Principal {
    /** Empty when nothing was shown: who claims nothing is no principal. */
    public static Optional<HandshakePrincipal> of(Credentials shown) {
        boolean claimed = shown.token().isPresent() || shown.principal().isPresent();
        return claimed ? Optional.of(new HandshakePrincipal(shown)) : Optional.empty();
    }

    /** What a session's principal carries; of a container that set one of its own, the name alone. */
    public static Credentials credentialsOf(Principal principal) {
        return principal instanceof HandshakePrincipal handshake
                ? handshake.credentials()
                : new Credentials(
                        Optional.of(principal.getName()),
                        Set.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
    }

    @Override
    public String getName() {
        return credentials.principal().orElse("");
    }
}
