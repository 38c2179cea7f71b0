package dev.parley.security;

import java.util.Arrays;
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
public record Who(boolean guests, Set<String> roles, boolean anyone) {
    public static final Who EVERYONE = new Who(true, Set.of(), true);
    public static final Who USERS = new Who(false, Set.of(), true);
    public static final Who NOBODY = new Who(false, Set.of(), false);

    public Who {
        roles = Set.copyOf(roles);
    }

    public static Who parse(String text) {
        return switch (text) {
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
        return roles.isEmpty() || identity.roles().stream().anyMatch(roles::contains);
    }

    private static Who roles(String text) {
        Set<String> roles = Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(role -> !role.isEmpty())
                .collect(Collectors.toSet());
        return roles.isEmpty() ? NOBODY : new Who(false, roles, true);
    }
}
