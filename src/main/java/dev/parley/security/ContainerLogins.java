package dev.parley.security;

import dev.parley.api.Credentials;
import dev.parley.api.Identity;
import dev.parley.protocol.DisplayName;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Names;
import dev.parley.protocol.RefusedException;

/** Users whom the container has logged in. */
final class ContainerLogins {
    private ContainerLogins() {}

    /** @throws RefusedException when the container's user has a name that is the server's or a guest's */
    static Identity identity(String principal, Credentials credentials) {
        requireName(credentials);
        if (!Identity.isUser(principal)) {
            throw new RefusedException(ErrorCode.BAD_CREDENTIALS, "The container's user has a name it must not have.");
        }
        return new Identity(principal, credentials.name(), credentials.roles());
    }

    /** @throws RefusedException {@code invalid-name} for a name that cannot be shown */
    static void requireName(Credentials credentials) {
        credentials.name().filter(name -> !Names.isDisplayName(name)).ifPresent(name -> {
            throw new RefusedException(ErrorCode.INVALID_NAME, DisplayName.RULE);
        });
    }
}
