package dev.parley.api;

import dev.parley.protocol.RefusedException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Tells from credentials who a caller is. Asked at a connection's begin and at each refresh; must not block. */
public interface Identities {

    /** Fails with a {@link RefusedException} that says what is wrong with them. */
    CompletionStage<Identified> identify(Credentials credentials);

    /**
     * @param secret to be given to a guest, so that it can be the same guest again
     */
    record Identified(Identity identity, Optional<String> secret) {}
}
