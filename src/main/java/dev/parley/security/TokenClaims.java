package dev.parley.security;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Names;
import dev.parley.protocol.RefusedException;
import dev.parley.security.ChannelPolicy.Action;
import java.text.ParseException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
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
 */
final class TokenClaims {
    private static final String CHANNELS = "channels";

    private TokenClaims() {}

    /** @param expires until when the token is taken */
    static Identity identity(JWTClaimsSet claims, Instant expires) {
        try {
            return new Identity(
                    user(claims.getSubject()),
                    Optional.ofNullable(claims.getStringClaim("name")).filter(Names::isDisplayName),
                    roles(claims),
                    rights(claims.getJSONObjectClaim(CHANNELS)),
                    Optional.ofNullable(claims.getIssueTime()).map(Date::toInstant),
                    Optional.of(expires));
        } catch (ParseException | IllegalArgumentException e) {
            throw new RefusedException(
                    ErrorCode.BAD_CREDENTIALS, "A claim of the token is not of the form it must be.");
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
        for (String claim : List.of("roles", "groups")) {
            List<String> named = claims.getStringListClaim(claim);
            roles.addAll(named == null ? List.of() : named);
        }
        return roles;
    }

    private static Rights rights(@Nullable Map<String, Object> channels) {
        if (channels == null) {
            return Rights.ALL;
        }
        Map<Action, List<ChannelPattern>> named = new EnumMap<>(Action.class);
        Arrays.stream(Action.values()).forEach(action -> {
            Object patterns = channels.get(action.name().toLowerCase(Locale.ROOT));
            if (patterns != null) {
                named.put(action, patterns(patterns));
            }
        });
        return Rights.only(named);
    }

    private static List<ChannelPattern> patterns(Object claim) {
        if (claim instanceof List<?> list) {
            return list.stream().map(String::valueOf).map(ChannelPattern::of).toList();
        }
        throw new IllegalArgumentException("the patterns of an action are an array");
    }
}
