package dev.parley.security;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Names;
import dev.parley.protocol.RefusedException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Who shows a token is whom it names; who shows none is a guest, where guests are let in. */
public final class TokenIdentities implements Identities {
    private final Tokens tokens;
    private final Optional<Guests> guests;
    private final Executor blocking;

    /** @param blocking may wait, as for public keys that must be fetched first */
    public TokenIdentities(Tokens tokens, Optional<Guests> guests, Executor blocking) {
        this.tokens = tokens;
        this.guests = guests;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<Identified> identify(Credentials credentials) {
        Optional<String> token = credentials.token();
        if (token.isPresent()) {
            return checked(token.get(), credentials.name());
        }
        return guests.map(some -> some.identify(credentials))
                .orElseGet(() -> CompletableFuture.failedFuture(
                        new RefusedException(ErrorCode.BAD_CREDENTIALS, "This server asks for a token.")));
    }

    private CompletionStage<Identified> checked(String token, Optional<String> name) {
        try {
            return CompletableFuture.supplyAsync(() -> tokens.check(token), blocking)
                    .thenApply(identity -> new Identified(named(identity, name), Optional.empty()));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new RefusedException(ErrorCode.UNAVAILABLE));
        }
    }

    /** By the token's own name, or else by the one that the client gives. */
    private static Identity named(Identity identity, Optional<String> name) {
        return new Identity(
                identity.user(),
                identity.name().or(() -> name.filter(Names::isDisplayName)),
                identity.roles(),
                identity.rights(),
                identity.expires());
    }
}
