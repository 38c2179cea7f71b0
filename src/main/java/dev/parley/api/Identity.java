package dev.parley.api;

import dev.parley.protocol.Member;
import dev.parley.protocol.Names;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who a caller is.
 *
 * @param user unique and the server's word; a guest's begins with {@link #GUEST_PREFIX}, which nobody else's does
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
    /** What every guest's {@code user}, and nobody else's, begins with. */
    public static final String GUEST_PREFIX = "guest-";

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
                && !user.startsWith(GUEST_PREFIX)
                && !user.equals(SERVER.user())
                && !user.equals(NOBODY.user());
    }

    /** Whether the token that says so holds no longer. */
    public boolean isExpired(Instant now) {
        return expires.filter(now::isAfter).isPresent();
    }

    /** Whether nobody has vouched for it: it has shown no token, and the container has not logged it in. */
    public boolean isGuest() {
        return user.startsWith(GUEST_PREFIX);
    }

    /** As others see it: in what it publishes, and where it is present. */
    public Member member() {
        return new Member(user, name);
    }
}
