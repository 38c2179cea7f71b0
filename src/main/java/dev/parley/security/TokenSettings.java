package dev.parley.security;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Which tokens are taken; the settings {@code parley.auth.*}.
 *
 * @param keys where the keys are that tokens are signed with
 * @param issuer {@code issuer}: what {@code iss} must be
 * @param audience {@code audience}: what {@code aud} must hold
 * @param algorithms {@code algorithms}: those allowed, of RFC 7518 section 3.1; HS256 with a secret, else RS256 and ES256
 * @param clockSkew {@code clock-skew}: by how much clocks may differ; for so long a token is taken after it has expired
 * @param lifetime {@code token-lifetime}: how long tokens live that do not say when they were made ({@code iat}); after
 *     their user was revoked they are taken again if their end is later than that by so much
 */
public record TokenSettings(
        Keys keys,
        Optional<String> issuer,
        Optional<String> audience,
        Set<String> algorithms,
        Duration clockSkew,
        Duration lifetime) {
    /** The default: a day. */
    public static final Duration LIFETIME = Duration.ofHours(24);

    public TokenSettings {
        algorithms = Set.copyOf(algorithms);
    }

    /** Where keys are. */
    public sealed interface Keys {}

    /** {@code secret}: of 32 bytes at least, shared with who makes the tokens (HS256, HS384, HS512). */
    public record Secret(String text) implements Keys {
        /** Leaves the secret out: what is printed may reach a log. */
        @Override
        public String toString() {
            return "Secret";
        }
    }

    /**
     * {@code jwks}: public keys (RFC 7517 section 5).
     *
     * @param place a file, or an {@code https:} address
     * @param lookAgain {@code jwks-interval}: they are not asked for more often than this, whatever keys tokens name
     */
    public record Jwks(String place, Duration lookAgain) implements Keys {}
}
