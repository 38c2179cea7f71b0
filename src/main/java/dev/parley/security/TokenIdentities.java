package dev.parley.security;

import dev.parley.api.Credentials;
import dev.parley.api.Identities;
import dev.parley.api.Identity;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Who shows a token is whom it names; who shows none is whom the container has logged in, or else a guest, where guests
 * are let in. Who shows a token that is not right is nobody, whatever else it shows.
 */
public final class TokenIdentities implements Identities {
    private static final String NO_TOKENS = "This server takes no tokens.";
    private static final String NO_GUESTS = "This server lets no guests in: show a token.";

    private final Optional<Tokens> tokens;
    private final Optional<Guests> guests;

    /**
     * @param tokens empty: none are taken
     * @param guests empty: none are let in
     */
    public TokenIdentities(Optional<Tokens> tokens, Optional<Guests> guests) {
        this.tokens = tokens;
        this.guests = guests;
    }

    @Override
    public CompletionStage<Identified> identify(Credentials credentials) {
        try {
            ContainerLogins.requireName(credentials);
            if (credentials.token().isPresent()) {
                return checked(credentials.token().get(), credentials.name());
            }
            if (credentials.principal().isPresent()) {
                Identity identity =
                        ContainerLogins.identity(credentials.principal().get(), credentials);
                return CompletableFuture.completedFuture(new Identified(identity, Optional.empty()));
            }
            return guests.orElseThrow(() -> refused(NO_GUESTS)).identify(credentials);
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** By the token's own name, or else by the one that the client gives. */
    private CompletionStage<Identified> checked(String token, Optional<String> name) {
        return tokens.orElseThrow(() -> refused(NO_TOKENS))
                .check(token)
                .thenApply(identity -> new Identified(named(identity, name), Optional.empty()));
    }

    private static Identity named(Identity identity, Optional<String> name) {
        return new Identity(
                identity.user(),
                identity.name().or(() -> name),
                identity.roles(),
                identity.rights(),
                identity.issued(),
                identity.expires());
    }

    private static RefusedException refused(String sentence) {
        return new RefusedException(ErrorCode.BAD_CREDENTIALS, sentence);
    }
}
