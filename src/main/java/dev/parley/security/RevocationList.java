package dev.parley.security;

import dev.parley.api.Identities;
import dev.parley.api.Identity;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whose credentials an operator has withdrawn, and when: what was issued up to then is no longer taken. Thread-safe.
 */
public final class RevocationList {
    private final Map<String, Instant> users = new ConcurrentHashMap<>();
    private volatile CompletionStage<Void> known = CompletableFuture.completedFuture(null);

    public void add(String user, Instant at) {
        users.merge(user, at, (one, other) -> one.isAfter(other) ? one : other);
    }

    /** Until this is complete nobody is told from the others yet, and so nobody is let in. */
    public void await(CompletionStage<Void> allKnown) {
        known = allKnown;
    }

    /**
     * Whether what this identity was made of is withdrawn: a token issued up to then (or that may have been, where it does
     * not say when), or a guest's secret. Whom the container has logged in, it must log out.
     */
    public boolean includes(Identity identity) {
        Instant at = users.get(identity.user());
        if (at == null) {
            return false;
        }
        boolean token = identity.expires().isPresent() || identity.issued().isPresent();
        return identity.issued().map(issued -> !issued.isAfter(at)).orElse(token || identity.isGuest());
    }

    /** The same identities, but for those that are withdrawn, which fail with {@code revoked}. */
    public Identities watchOver(Identities identities) {
        return credentials -> known.thenCompose(nothing -> identities.identify(credentials))
                .thenApply(who -> {
                    if (includes(who.identity())) {
                        throw new RefusedException(ErrorCode.REVOKED);
                    }
                    return who;
                });
    }
}
