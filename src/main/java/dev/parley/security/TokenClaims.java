package dev.parley.security;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.parley.api.ChannelPattern;
import dev.parley.api.ChannelPolicy.Action;
import dev.parley.api.Identity;
import dev.parley.api.Rights;
import dev.parley.protocol.DisplayName;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import java.text.ParseException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a token says: {@code sub} is the user, {@code name} how to be shown, {@code roles} or MicroProfile JWT's
 * {@code groups} the roles, and {@code channels} what its bearer may do:
 *
 * <pre>{@code {"sub":"ann", "roles":["trader"], "channels":{"subscribe":["chat.*"], "publish":["chat.lobby"]}} }</pre>
 *
 * <p>A claim that is there is of its form, and {@code null} is no form of any: a maker of tokens that writes {@code
 * "channels":null} for "none" must not have given all.
 */
final class TokenClaims {
    private static final String CHANNELS = "channels";
    private static final List<String> ROLES = List.of("roles", "groups");
    private static final List<String> READ =
            List.of("sub", "iss", "aud", "exp", "nbf", "iat", "name", "roles", "groups", CHANNELS);

    private TokenClaims() {}

    /**
     * @param issued when it was made, or could have been at the earliest
     * @param expires until when the token is taken
     */
    static Identity identity(JWTClaimsSet claims, Instant issued, Instant expires) {
        String name = null;
        try {
            for (String claim : READ) {
                name = claim;
                requireValue(claims, claim);
            }
            name = "name";
            Optional<String> shown =
                    Optional.ofNullable(claims.getStringClaim(name)).flatMap(DisplayName::cleaned);
            name = "roles or groups";
            Set<String> roles = roles(claims);
            name = CHANNELS;
            Rights rights = rights(claims.getJSONObjectClaim(CHANNELS));
            return new Identity(
                    user(claims.getSubject()), shown, roles, rights, Optional.of(issued), Optional.of(expires));
        } catch (ParseException | IllegalArgumentException e) {
            throw new RefusedException(
                    ErrorCode.BAD_CREDENTIALS, "The token's claim " + name + " is not of the form it must be.");
        }
    }

    private static void requireValue(JWTClaimsSet claims, String name) {
        if (claims.getClaims().containsKey(name) && claims.getClaim(name) == null) {
            throw new IllegalArgumentException("null");
        }
    }

    /** A guest's name and the server's own are nobody's to give. */
    private static String user(@Nullable String subject) {
        if (subject == null || !Identity.isUser(subject)) {
            throw new RefusedException(ErrorCode.BAD_CREDENTIALS, "The token's sub is no user that can be.");
        }
        return subject;
    }

    private static Set<String> roles(JWTClaimsSet claims) throws ParseException {
        Set<String> roles = new HashSet<>();
        for (String claim : ROLES) {
            List<String> named = claims.getStringListClaim(claim);
            roles.addAll(named == null ? List.of() : named);
        }
        if (roles.contains(null)) {
            throw new IllegalArgumentException("a role is a text");
        }
        return roles;
    }

    private static Rights rights(@Nullable Map<String, Object> channels) {
        if (channels == null) {
            return Rights.ALL;
        }
        Map<Action, List<ChannelPattern>> named = new EnumMap<>(Action.class);
        Arrays.stream(Action.values()).forEach(action -> {
            String name = action.name().toLowerCase(Locale.ROOT);
            if (channels.containsKey(name)) {
                named.put(action, patterns(channels.get(name)));
            }
        });
        return Rights.only(named);
    }

    private static List<ChannelPattern> patterns(@Nullable Object claim) {
        if (claim instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).map(ChannelPattern::of).toList();
        }
        throw new IllegalArgumentException("the patterns of an action are an array of texts");
    }
}
