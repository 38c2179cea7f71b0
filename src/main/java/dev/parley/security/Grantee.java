package dev.parley.security;

import dev.parley.api.Identity;
import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whom a rule lets do something: {@code everyone}; {@code users}, who are not guests; {@code nobody}; or those of any of
 * the roles that are named, separated by commas.
 *
 * @param guests whether guests are among them
 * @param roles of which a user must have one; empty: any user
 * @param anyone false for nobody at all
 */
public record Grantee(boolean guests, Set<String> roles, boolean anyone) {
    public static final Grantee EVERYONE = new Grantee(true, Set.of(), true);
    public static final Grantee USERS = new Grantee(false, Set.of(), true);
    public static final Grantee NOBODY = new Grantee(false, Set.of(), false);

    /** Among roles they would say something else than they seem to. */
    private static final Set<String> WORDS = Set.of("everyone", "users", "nobody");

    public Grantee {
        roles = Set.copyOf(roles);
    }

    /** @throws IllegalArgumentException when it names nobody: that is said by {@code nobody} */
    public static Grantee parse(String text) {
        return switch (text.strip()) {
            case "everyone" -> EVERYONE;
            case "users" -> USERS;
            case "nobody" -> NOBODY;
            default -> roles(text);
        };
    }

    boolean includes(Identity identity) {
        boolean one = guests || (!identity.isGuest() && isOfRole(identity));
        return anyone && one;
    }

    private boolean isOfRole(Identity identity) {
        return roles.isEmpty() || !Collections.disjoint(roles, identity.roles());
    }

    private static Grantee roles(String text) {
        Set<String> roles = Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(role -> !role.isEmpty())
                .collect(Collectors.toSet());
        if (roles.isEmpty() || roles.stream().anyMatch(WORDS::contains)) {
            throw new IllegalArgumentException("everyone, users, nobody, or roles separated by commas");
        }
        return new Grantee(false, roles, true);
    }
}
