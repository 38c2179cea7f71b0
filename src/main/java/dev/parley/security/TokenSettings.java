package dev.parley.security;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Which tokens are taken; the settings {@code parley.auth.*}.
 *
 * @param secret {@code secret}: of 32 bytes at least, shared with who makes the tokens (HS256, HS384, HS512)
 * @param jwks {@code jwks}: instead of it, a file or an {@code https:} address of public keys (RFC 7517)
 * @param issuer {@code issuer}: what {@code iss} must be
 * @param audience {@code audience}: what {@code aud} must hold
 * @param algorithms {@code algorithms}: those allowed, of RFC 7518 section 3.1; HS256 with a secret, else RS256 and ES256
 * @param clockSkew {@code clock-skew}: by how much clocks may differ
 * @param lookAgain {@code jwks-interval}: the public keys are not asked for more often than this for an unknown key
 */
public record TokenSettings(
        Optional<String> secret,
        Optional<String> jwks,
        Optional<String> issuer,
        Optional<String> audience,
        Set<String> algorithms,
        Duration clockSkew,
        Duration lookAgain) {
    public TokenSettings {
        algorithms = Set.copyOf(algorithms);
    }

    /** Leaves the secret out: what is printed may reach a log. */
    @Override
    public String toString() {
        return "TokenSettings[issuer=" + issuer + ", audience=" + audience + ", algorithms=" + algorithms + "]";
    }
}
