package dev.parley.testkit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** Signs tokens (RFC 7519, HS256) that the server under test takes, for anybody. Thread-safe. */
public final class TestTokens {
    private static final String SECRET = "parley.auth.secret";
    private static final String JWKS = "parley.auth.jwks";
    private static final Duration LIFETIME = Duration.ofHours(1);

    private final Optional<String> secret;
    private final Optional<String> issuer;
    private final Optional<String> audience;

    /** By the settings of the server, which name a secret or somebody else's keys. */
    TestTokens(Map<String, String> settings) {
        secret = Optional.ofNullable(settings.get(SECRET));
        issuer = Optional.ofNullable(settings.get("parley.auth.issuer"));
        audience = Optional.ofNullable(settings.get("parley.auth.audience"));
    }

    /** Gives the settings a secret, where they name no keys. */
    static void addSecret(Map<String, String> settings) {
        if (List.of(SECRET, SECRET + "-file", JWKS, JWKS + "-file").stream().noneMatch(settings::containsKey)) {
            settings.put(SECRET, UUID.randomUUID() + "-" + UUID.randomUUID());
        }
    }

    /**
     * A token of this user for an hour.
     *
     * @throws IllegalStateException when the settings of the server name somebody else's keys
     */
    public String of(String user, String... roles) {
        return with(user, claims -> claims.claim("roles", List.of(roles)));
    }

    /** One that has expired an hour ago. */
    public String expired(String user, String... roles) {
        Instant now = Instant.now();
        return with(
                user,
                claims -> claims.claim("roles", List.of(roles))
                        .issueTime(Date.from(now.minus(LIFETIME.multipliedBy(2))))
                        .expirationTime(Date.from(now.minus(LIFETIME))));
    }

    /** A token of this user for an hour, with claims of one's own. */
    public String with(String user, Consumer<JWTClaimsSet.Builder> claims) {
        Instant now = Instant.now();
        JWTClaimsSet.Builder builder = new JWTClaimsSet.Builder()
                .subject(user)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)));
        issuer.ifPresent(builder::issuer);
        audience.ifPresent(builder::audience);
        claims.accept(builder);
        return signed(builder.build());
    }

    private String signed(JWTClaimsSet claims) {
        byte[] key = secret.orElseThrow(
                        () -> new IllegalStateException("The settings of this test name other keys than " + SECRET
                                + ": only who has those can sign a token."))
                .getBytes(StandardCharsets.UTF_8);
        try {
            SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
            token.sign(new MACSigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("The token cannot be signed", e);
        }
    }
}
