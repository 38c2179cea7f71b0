package dev.parley.security;

import java.util.Optional;

/**
 * What a caller shows to say who it is.
 *
 * @param principal the user whom the container has logged in
 * @param token as it came in {@code connect}, in {@code Authorization: Bearer} or in a cookie
 * @param secret that an earlier {@code connected} gave to a guest
 * @param name by which a guest wants to be shown
 */
public record Credentials(
        Optional<String> principal, Optional<String> token, Optional<String> secret, Optional<String> name) {
    /** Nothing at all: a new guest. */
    public static final Credentials NONE =
            new Credentials(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** A guest with a name. */
    public static Credentials named(Optional<String> name) {
        return new Credentials(Optional.empty(), Optional.empty(), Optional.empty(), name);
    }

    /** Leaves the secrets out: what is printed may reach a log. */
    @Override
    public String toString() {
        return "Credentials[principal=" + principal + ", name=" + name + "]";
    }
}
