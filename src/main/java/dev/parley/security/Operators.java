package dev.parley.security;

import dev.parley.api.Identity;

/**
 * Who may end the connections of others: users with this role.
 *
 * @param role {@code parley.auth.operator-role}
 */
public record Operators(String role) {

    public boolean includes(Identity identity) {
        return identity.equals(Identity.SERVER) || identity.roles().contains(role);
    }
}
