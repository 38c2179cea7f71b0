package dev.parley.security;

import java.security.Principal;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Carries what a handshake showed to the session that it opens: of all that a container knows of a handshake, the
 * user's principal alone reaches every container's session.
 *
 * <p>It says what was claimed. Nothing of a token has been looked at yet, so its name is the container's user or else
 * empty, and no endpoint may take its being there for a login: {@code ChannelSessions.identity} tells who somebody is.
 *
 * @param address among whose connections the session is counted; empty where it has been counted already, or nobody
 *     counts
 */
public record HandshakePrincipal(Credentials credentials, Optional<String> address) implements Principal {
    /** Empty when nothing was shown: who claims nothing is no principal. */
    public static Optional<HandshakePrincipal> of(Credentials shown) {
        boolean claimed = shown.token().isPresent() || shown.principal().isPresent();
        return claimed ? Optional.of(new HandshakePrincipal(shown, Optional.empty())) : Optional.empty();
    }

    /** The same where the session is to be counted among those of its address: then also of who claims nothing. */
    public static HandshakePrincipal counted(Credentials shown, String address) {
        return new HandshakePrincipal(shown, Optional.of(address));
    }

    /** Empty where the session is not to be counted. */
    public static Optional<String> addressOf(@Nullable Principal principal) {
        return principal instanceof HandshakePrincipal handshake ? handshake.address() : Optional.empty();
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
