package dev.parley.security;

import dev.parley.protocol.Member;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who a caller is.
 *
 * @param user unique and the server's word; a guest's begins with {@link Guests#PREFIX}, which nobody else's does
 * @param name for display
 * @param roles as the token or the container says
 * @param rights what the token lets its bearer do
 * @param expires when it must be said anew; never, when empty
 */
public record Identity(
        String user, Optional<String> name, Set<String> roles, Rights rights, Optional<Instant> expires) {
    /** The server itself, when a bean of the application publishes. */
    public static final Identity SERVER = new Identity("server", Optional.empty());

    /** Somebody who has not said yet who it is, and may do nothing. */
    public static final Identity NOBODY =
            new Identity("nobody", Optional.empty(), Set.of(), Rights.only(Map.of()), Optional.empty());

    public Identity {
        roles = Set.copyOf(roles);
    }

    /** Somebody without roles, for as long as the connection lasts. */
    public Identity(String user, Optional<String> name) {
        this(user, name, Set.of(), Rights.ALL, Optional.empty());
    }

    public boolean isGuest() {
        return user.startsWith(Guests.PREFIX);
    }

    public Member member() {
        return new Member(user, name);
    }
}
