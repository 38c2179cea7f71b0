package dev.parley.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.BadJWSException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.parley.api.Identity;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.security.TokenKeys.Known;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks signed tokens (JWT, RFC 7519; JWS, RFC 7515) as RFC 8725 advises: only the algorithms that the settings allow,
 * never {@code none}, a key only for algorithms of its own kind (so that nobody signs with HMAC and a public key), issuer
 * and audience where the settings name them, {@code sub} and {@code exp} always.
 *
 * <p>Each failure has a code of its own. Nothing of a token stands in a message or a log. Thread-safe; never blocks.
 */
public final class Tokens {
    /** A header may hold no more with most servers, and the library looks at every character several times. */
    static final int LONGEST = 16 * 1024;

    /**
     * Also those of RFC 9068 section 2.1; but not, say, a logout token of the same issuer and key. A media type may be
     * written out (RFC 7515 section 4.1.9).
     */
    private static final Set<JOSEObjectType> TYPES = Set.of(
            JOSEObjectType.JWT,
            new JOSEObjectType("application/jwt"),
            new JOSEObjectType("at+jwt"),
            new JOSEObjectType("application/at+jwt"));

    /** In milliseconds, so many are in the year 1973: what is beyond was not counted in seconds. */
    private static final Instant LATEST = Instant.ofEpochSecond(100_000_000_000L);

    private final TokenSettings settings;
    private final TokenKeys keys;
    private final InstantSource clock;
    private final Set<JWSAlgorithm> algorithms;
    private final JWSVerificationKeySelector<Known> selector;
    private final DefaultJWTProcessor<Known> signatures = new DefaultJWTProcessor<>();

    /**
     * @param blocking may wait, as for public keys that are fetched
     * @throws IllegalArgumentException when the keys of the settings cannot be keys
     */
    public Tokens(TokenSettings settings, Executor blocking) {
        this(settings, keys(settings, blocking), InstantSource.system());
    }

    Tokens(TokenSettings settings, TokenKeys keys, InstantSource clock) {
        this.settings = settings;
        this.keys = keys;
        this.clock = clock;
        this.algorithms =
                settings.algorithms().stream().map(JWSAlgorithm::parse).collect(Collectors.toSet());
        this.selector = new JWSVerificationKeySelector<>(algorithms, (wanted, known) -> known.matching(wanted));
        signatures.setJWSKeySelector(selector);
        // Type and claims are looked at here, one by one, so that each failure can be told apart.
        signatures.setJWSTypeVerifier((type, known) -> {});
        signatures.setJWTClaimsSetVerifier((claims, known) -> {});
    }

    private static TokenKeys keys(TokenSettings settings, Executor blocking) {
        return settings.keys() instanceof TokenSettings.Jwks jwks
                ? new PublishedKeys(jwks, blocking, System::nanoTime)
                : new SecretKey(((TokenSettings.Secret) settings.keys()).text());
    }

    /** Who the token speaks of; fails with a {@link RefusedException} that has the code of what is wrong. */
    public CompletionStage<Identity> check(String token) {
        try {
            SignedJWT signed = parsed(token);
            return keys.known()
                    .thenCompose(known ->
                            knows(known, signed) ? CompletableFuture.completedFuture(known) : keys.newerThan(known))
                    .thenApply(known -> identity(signed, known));
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private SignedJWT parsed(String token) {
        if (token.length() > LONGEST) {
            throw new RefusedException(
                    ErrorCode.BAD_CREDENTIALS,
                    "The token has " + token.length() + " characters; the limit is " + LONGEST + ".");
        }
        try {
            JWT jwt = JWTParser.parse(token);
            String algorithm = jwt.getHeader().getAlgorithm().getName();
            if (!(jwt instanceof SignedJWT signed) || !algorithms.contains(JWSAlgorithm.parse(algorithm))) {
                throw new RefusedException(ErrorCode.ALGORITHM_NOT_ALLOWED);
            }
            @Nullable JOSEObjectType type = signed.getHeader().getType();
            if (type != null && !TYPES.contains(type)) {
                throw new RefusedException(ErrorCode.BAD_CREDENTIALS, "The token is of another type than JWT.");
            }
            return signed;
        } catch (ParseException | IllegalArgumentException e) {
            throw new RefusedException(ErrorCode.BAD_CREDENTIALS, "This is not a signed token.");
        }
    }

    private boolean knows(Known known, SignedJWT token) {
        try {
            return !selector.selectJWSKeys(token.getHeader(), known).isEmpty();
        } catch (JOSEException e) {
            return false;
        }
    }

    private Identity identity(SignedJWT token, Known known) {
        JWTClaimsSet claims = verified(token, known);
        checkIssuer(claims);
        checkAudience(claims);
        Instant until = checkedTimes(claims);
        return TokenClaims.identity(claims, issued(claims), until);
    }

    private JWTClaimsSet verified(SignedJWT token, Known known) {
        if (!knows(known, token)) {
            throw new RefusedException(ErrorCode.UNKNOWN_KEY);
        }
        try {
            return signatures.process(token, known);
        } catch (BadJWSException e) {
            throw new RefusedException(ErrorCode.BAD_SIGNATURE);
        } catch (BadJOSEException e) {
            throw new RefusedException(ErrorCode.BAD_CREDENTIALS, "What the token says is not JSON of its form.");
        } catch (JOSEException e) { // a key that does not do for the algorithm, such as one of another curve
            throw new RefusedException(ErrorCode.BAD_SIGNATURE);
        }
    }

    private void checkIssuer(JWTClaimsSet claims) {
        if (settings.issuer().isPresent() && !settings.issuer().get().equals(claims.getIssuer())) {
            throw new RefusedException(ErrorCode.WRONG_ISSUER);
        }
    }

    private void checkAudience(JWTClaimsSet claims) {
        if (settings.audience().isPresent()
                && !claims.getAudience().contains(settings.audience().get())) {
            throw new RefusedException(ErrorCode.WRONG_AUDIENCE);
        }
    }

    /**
     * Until when the token is taken: the difference that clocks may have is added once, here, and a connection ends at
     * this instant too. A token of the future is not taken: one made "later" would outlive what revokes those before.
     */
    private Instant checkedTimes(JWTClaimsSet claims) {
        @Nullable Date expires = claims.getExpirationTime();
        if (expires == null) {
            throw new RefusedException(ErrorCode.BAD_CREDENTIALS, "The token has no claim exp.");
        }
        if (expires.toInstant().isAfter(LATEST)) {
            throw new RefusedException(
                    ErrorCode.BAD_CREDENTIALS,
                    "The token's exp is no time of this age: it counts seconds (RFC 7519 section 2), not milliseconds.");
        }
        Instant now = clock.instant();
        Instant until = expires.toInstant().plus(settings.clockSkew());
        if (!until.isAfter(now)) {
            throw new RefusedException(ErrorCode.TOKEN_EXPIRED);
        }
        if (isLater(claims.getNotBeforeTime(), now) || isLater(claims.getIssueTime(), now)) {
            throw new RefusedException(ErrorCode.BAD_CREDENTIALS, "The token is not valid yet; see its nbf and iat.");
        }
        return until;
    }

    /**
     * When it was made. One that does not say was made, at the earliest, as long before its end as tokens live; one that
     * lives longer than that would outlive what revokes it, and is not taken.
     */
    private Instant issued(JWTClaimsSet claims) {
        @Nullable Date issued = claims.getIssueTime();
        if (issued != null) {
            return issued.toInstant();
        }
        Instant expires = claims.getExpirationTime().toInstant();
        if (expires.isAfter(clock.instant().plus(settings.lifetime()).plus(settings.clockSkew()))) {
            throw new RefusedException(
                    ErrorCode.BAD_CREDENTIALS,
                    "The token has no claim iat, and holds for longer than " + settings.lifetime()
                            + " (parley.auth.token-lifetime).");
        }
        return expires.minus(settings.lifetime());
    }

    private boolean isLater(@Nullable Date time, Instant now) {
        return Optional.ofNullable(time)
                .map(Date::toInstant)
                .filter(instant -> instant.isAfter(now.plus(settings.clockSkew())))
                .isPresent();
    }
}
