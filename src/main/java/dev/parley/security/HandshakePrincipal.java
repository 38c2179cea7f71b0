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
 * @param address of the client, as proxies that are believed have it; of who claims nothing too
 * @param counts whether the session is to be counted among those of its address; not where it has been already, or
 *     nobody counts
 */
public record HandshakePrincipal(Credentials credentials, String address, boolean counts) implements Principal {
    public static HandshakePrincipal of(Credentials shown, String address) {
        return new HandshakePrincipal(shown, address, false);
    }

    /** The same where the session is to be counted among those of its address. */
    public static HandshakePrincipal counted(Credentials shown, String address) {
        return new HandshakePrincipal(shown, address, true);
    }

    /** Among whose connections the session is counted; empty where it is not to be. */
    public static Optional<String> addressOf(@Nullable Principal principal) {
        return principal instanceof HandshakePrincipal handshake && handshake.counts()
                ? Optional.of(handshake.address())
                : Optional.empty();
    }

    /** At which address the client is; empty where the container has set a principal of its own. */
    public static Optional<String> clientOf(@Nullable Principal principal) {
        return principal instanceof HandshakePrincipal handshake ? Optional.of(handshake.address()) : Optional.empty();
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
