package dev.parley.security;

import java.util.Optional;

/** Tells from credentials who a caller is. Asked once a connection; must not block. */
public interface Identities {

    /**
     * @throws dev.parley.protocol.RefusedException with {@code bad-credentials} or {@code invalid-name}
     */
    Identified identify(Credentials credentials);

    /**
     * @param secret to be given to a guest, so that it can be the same guest again
     */
    record Identified(Identity identity, Optional<String> secret) {}
}
