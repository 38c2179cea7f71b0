package dev.parley.security;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import java.text.ParseException;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks signed tokens (JWT, RFC 7519; JWS, RFC 7515) as RFC 8725 advises: only the algorithms that the settings allow,
 * never {@code none}, a key only for algorithms of its own kind (so that nobody signs with HMAC and a public key), issuer
 * and audience where the settings name them, {@code sub} and {@code exp} always.
 *
 * <p>Each failure has a code of its own. Nothing of a token stands in a message or a log. Safe for several threads; may
 * wait while public keys are fetched.
 */
public final class Tokens {
    private final TokenSettings settings;
    private final Set<JWSAlgorithm> algorithms;
    private final DefaultJWTProcessor<SecurityContext> signatures = new DefaultJWTProcessor<>();
    private final DefaultJWTClaimsVerifier<SecurityContext> times =
            new DefaultJWTClaimsVerifier<>(null, Set.of("sub", "exp"));

    public Tokens(TokenSettings settings, JWKSource<SecurityContext> keys) {
        this.settings = settings;
        this.algorithms =
                settings.algorithms().stream().map(JWSAlgorithm::parse).collect(Collectors.toSet());
        signatures.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithms, keys));
        // The claims are looked at afterwards, one by one, so that each failure can be told apart.
        signatures.setJWTClaimsSetVerifier((claims, context) -> {});
        times.setMaxClockSkew((int) settings.clockSkew().toSeconds());
    }

    /**
     * Who the token speaks of.
     *
     * @throws RefusedException with the code of what is wrong
     */
    public Identity check(String token) {
        JWTClaimsSet claims = verified(parsed(token));
        checkIssuer(claims);
        checkAudience(claims);
        checkTimes(claims);
        return TokenClaims.identity(claims);
    }

    private SignedJWT parsed(String token) {
        try {
            JWT jwt = JWTParser.parse(token);
            Algorithm algorithm = jwt.getHeader().getAlgorithm();
            if (jwt instanceof SignedJWT signed && algorithms.contains(JWSAlgorithm.parse(algorithm.getName()))) {
                return signed;
            }
            throw new RefusedException(ErrorCode.ALGORITHM_NOT_ALLOWED);
        } catch (ParseException e) {
            throw new RefusedException(ErrorCode.BAD_CREDENTIALS, "This is not a signed token.");
        }
    }

    private JWTClaimsSet verified(SignedJWT token) {
        try {
            return signatures.process(token, null);
        } catch (BadJOSEException e) {
            throw new RefusedException(isUnknownKey(e) ? ErrorCode.UNKNOWN_KEY : ErrorCode.BAD_SIGNATURE);
        } catch (JOSEException e) {
            throw new RefusedException(ErrorCode.UNAVAILABLE, "The keys to check tokens with cannot be had just now.");
        }
    }

    /** The library says so in words alone. */
    private static boolean isUnknownKey(BadJOSEException e) {
        @Nullable String message = e.getMessage();
        return message != null && message.contains("no matching key");
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

    private void checkTimes(JWTClaimsSet claims) {
        try {
            times.verify(claims, null);
        } catch (ExpiredJWTException e) {
            throw new RefusedException(ErrorCode.TOKEN_EXPIRED);
        } catch (BadJWTException e) {
            throw new RefusedException(
                    ErrorCode.BAD_CREDENTIALS, "The token is not valid yet, or has no sub or exp claim.");
        }
    }
}
