package dev.parley.api;

import java.util.Optional;
import java.util.Set;

/**
 * What a caller shows to say who it is.
 *
 * @param principal the user whom the container has logged in
 * @param roles of those that matter here, the ones that the container says the principal has
 * @param token as it came in {@code connect}, in {@code Authorization: Bearer} or in a cookie; not looked at yet
 * @param secret that an earlier {@code connected} gave to a guest; of who shows none, a new one to be given
 * @param name by which a guest wants to be shown
 */
public record Credentials(
        Optional<String> principal,
        Set<String> roles,
        Optional<String> token,
        Optional<String> secret,
        Optional<String> name) {
    /** Nothing at all: a new guest. */
    public static final Credentials NONE =
            new Credentials(Optional.empty(), Set.of(), Optional.empty(), Optional.empty(), Optional.empty());

    public Credentials {
        roles = Set.copyOf(roles);
    }

    /** A guest with a name. */
    public static Credentials named(Optional<String> name) {
        return NONE.and(Optional.empty(), Optional.empty(), name);
    }

    /** The bearer of a token. */
    public static Credentials bearing(String token) {
        return NONE.and(Optional.of(token), Optional.empty(), Optional.empty());
    }

    /** Whom the container has logged in, with no role that anybody knows of. */
    public static Credentials loggedIn(String name) {
        return new Credentials(Optional.of(name), Set.of(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same with what is said later, which wins over what was shown before. */
    public Credentials and(Optional<String> laterToken, Optional<String> laterSecret, Optional<String> laterName) {
        return new Credentials(
                principal, roles, laterToken.or(() -> token), laterSecret.or(() -> secret), laterName.or(() -> name));
    }

    /** Leaves the secrets out: what is printed may reach a log. */
    @Override
    public String toString() {
        return "Credentials[principal=" + principal + ", roles=" + roles + ", name=" + name + "]";
    }
}
