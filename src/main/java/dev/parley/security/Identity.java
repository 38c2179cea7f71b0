package dev.parley.security;

import dev.parley.protocol.Member;
import dev.parley.protocol.Names;
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
 * @param issued when the token says it was made
 * @param expires until when it holds, the clocks' difference included; forever, when empty
 */
public record Identity(
        String user,
        Optional<String> name,
        Set<String> roles,
        Rights rights,
        Optional<Instant> issued,
        Optional<Instant> expires) {
    /** The server itself, when a bean of the application publishes. */
    public static final Identity SERVER = new Identity("server", Optional.empty());

    /** Somebody who has not said yet who it is, and may do nothing. */
    public static final Identity NOBODY = new Identity(
            "nobody", Optional.empty(), Set.of(), Rights.only(Map.of()), Optional.empty(), Optional.empty());

    public Identity {
        roles = Set.copyOf(roles);
    }

    /** Somebody without roles, for as long as the connection lasts. */
    public Identity(String user, Optional<String> name) {
        this(user, name, Set.of());
    }

    /** Somebody with roles, for as long as the connection lasts. */
    public Identity(String user, Optional<String> name, Set<String> roles) {
        this(user, name, roles, Rights.ALL, Optional.empty(), Optional.empty());
    }

    /**
     * Whether a token or a container may say that this is somebody's name: the server's own and a guest's it may not, nor
     * one that only looks like another since something of it cannot be seen.
     */
    public static boolean isUser(String user) {
        return Names.isUser(user)
                && Names.isVisible(user)
                && !user.startsWith(Guests.PREFIX)
                && !user.equals(SERVER.user())
                && !user.equals(NOBODY.user());
    }

    /** Whether the token that says so holds no longer. */
    public boolean isExpired(Instant now) {
        return expires.filter(now::isAfter).isPresent();
    }

    public boolean isGuest() {
        return user.startsWith(Guests.PREFIX);
    }

    /** The same, shown by this name unless it has one. */
    Identity orNamed(Optional<String> otherName) {
        return new Identity(user, name.or(() -> otherName), roles, rights, issued, expires);
    }

    public Member member() {
        return new Member(user, name);
    }
}
