package dev.parley.security;

import dev.parley.protocol.Member;
import java.util.Optional;

/**
 * Who a caller is.
 *
 * @param user unique and the server's word; a guest's begins with {@link Guests#PREFIX}, which nobody else's does
 * @param name for display
 */
public record Identity(String user, Optional<String> name) {
    /** The server itself, when a bean of the application publishes. */
    public static final Identity SERVER = new Identity("server", Optional.empty());

    public Member member() {
        return new Member(user, name);
    }
}
