package dev.parley.security;

import dev.parley.api.Credentials;
import dev.parley.api.Identities;
import dev.parley.api.Identity;
import dev.parley.protocol.RefusedException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Tells who sends an opening handshake, so that every endpoint sees a verified user or none, and shuts endpoints to
 * guests where {@code parley.auth.guests=false}.
 *
 * <p>A token that is forged, has expired or is of a kind that is not taken is nobody's here, and no reason to refuse the
 * handshake where guests are let in: an endpoint that joins channels tells its client by a code why it is not let in,
 * which no browser could read in the answer to a handshake.
 *
 * <p>Thread-safe; never blocks.
 */
public final class HandshakeUsers {
    private static final System.Logger LOGGER = System.getLogger(HandshakeUsers.class.getName());
    private static final Refusal SHUT =
            new Refusal(401, "This endpoint lets no guests in: show a token that holds (parley.auth.guests).");

    private final Identities identities;
    private final boolean guests;

    /** @param guests whether guests are let in wherever nothing else is said */
    public HandshakeUsers(Identities identities, boolean guests) {
        this.identities = identities;
        this.guests = guests;
    }

    /**
     * Whose handshake it is; never fails. It may take until the keys have been read by which a token is checked.
     *
     * @param address of the client
     */
    public CompletionStage<HandshakeSender> sender(Credentials shown, String address) {
        return user(shown).thenApply(user -> new HandshakeSender(shown, user, address, false));
    }

    /** Empty when the endpoint may be opened. */
    public Optional<Refusal> check(HandshakeSender sender, boolean opensToGuests) {
        return guests || opensToGuests || sender.user().isPresent() ? Optional.empty() : Optional.of(SHUT);
    }

    private CompletionStage<Optional<Identity>> user(Credentials shown) {
        if (shown.token().isEmpty() && shown.principal().isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        try {
            return identities.identify(shown).handle((identified, failure) -> {
                if (failure != null) {
                    tell(failure);
                    return Optional.empty();
                }
                return Optional.of(identified.identity()).filter(identity -> !identity.isGuest());
            });
        } catch (RuntimeException e) { // a team's own, which must not throw
            tell(e);
            return CompletableFuture.completedFuture(Optional.empty());
        }
    }

    private static void tell(Throwable failure) {
        if (RefusedException.in(failure).isEmpty()) {
            LOGGER.log(System.Logger.Level.WARNING, "Nobody can tell who sends a handshake", failure);
        }
    }
}
