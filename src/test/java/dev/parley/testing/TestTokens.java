package dev.parley.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Makes tokens, right ones and wrong ones, as an identity provider or an attacker would. Remembers each, so that a test
 * can look for them where they must not be.
 */
public final class TestTokens {
    public static final String ISSUER = "https://login.example";
    public static final String AUDIENCE = "parley";

    private static final RSAKey RSA = rsa("rsa-1");
    private static final ECKey EC = ec("ec-1");

    private final Queue<String> made = new ConcurrentLinkedQueue<>();

    /** Of a token that ended a minute ago, which is as much as clocks may differ, and a second. */
    public static JWTClaimsSet expired(String user) {
        return claims(user)
                .expirationTime(Date.from(Instant.now().minusSeconds(61)))
                .build();
    }

    /** What a token says: right for an hour, unless it is told otherwise. */
    public static JWTClaimsSet.Builder claims(String user, String... roles) {
        return new JWTClaimsSet.Builder()
                .subject(user)
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .issueTime(Date.from(Instant.now()))
                .expirationTime(Date.from(Instant.now().plusSeconds(3_600)))
                .claim("roles", List.of(roles));
    }

    /** The first key of the provider, made once for all tests since that takes long. */
    public static RSAKey rsa() {
        return RSA;
    }

    public static ECKey ec() {
        return EC;
    }

    public static RSAKey rsa(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public static ECKey ec(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The public halves, as a provider publishes them. */
    public static String jwks(JWK... keys) {
        return new JWKSet(Arrays.asList(keys)).toString(true);
    }

    /** A right token of the provider's first key. */
    public String of(String user, String... roles) {
        return signed(RSA, claims(user, roles).build());
    }

    /** A token of the provider's first key that is right but for what is changed. */
    public String but(Consumer<JWTClaimsSet.Builder> change) {
        JWTClaimsSet.Builder claims = claims("ann");
        change.accept(claims);
        return signed(RSA, claims.build());
    }

    public String signed(RSAKey key, JWTClaimsSet claims) {
        return signed(header(JWSAlgorithm.RS256, key.getKeyID()), rsaSigner(key), claims);
    }

    public String signed(ECKey key, JWTClaimsSet claims) {
        try {
            return signed(header(JWSAlgorithm.ES256, key.getKeyID()), new ECDSASigner(key), claims);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public String signed(String secret, JWTClaimsSet claims) {
        return signed(new JWSHeader(JWSAlgorithm.HS256), secret, claims);
    }

    public String signed(JWSHeader header, String secret, JWTClaimsSet claims) {
        return mac(header, secret.getBytes(StandardCharsets.UTF_8), claims);
    }

    /** Of any payload, also one that no library would write. */
    public String raw(String secret, String payload) {
        try {
            JWSObject token = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(payload));
            token.sign(new MACSigner(secret));
            return remember(token.serialize());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of another type than JWT. */
    public String typed(String type, JWTClaimsSet claims) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID(RSA.getKeyID())
                .type(new JOSEObjectType(type))
                .build();
        return signed(header, rsaSigner(RSA), claims);
    }

    /** {@code alg: none}. */
    public String unsigned(JWTClaimsSet claims) {
        return remember(new PlainJWT(claims).serialize());
    }

    /** The confusion of RFC 8725 section 2.1: HMAC, with the bytes of the public key as the secret. */
    public String confused(JWTClaimsSet claims) {
        try {
            RSAPublicKey key = RSA.toRSAPublicKey();
            return mac(header(JWSAlgorithm.HS256, RSA.getKeyID()), key.getEncoded(), claims);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The claims of one token with the signature of another. */
    public String forged(JWTClaimsSet claims) {
        String[] right = of("ann").split("\\.", -1);
        String[] wanted = signed(RSA, claims).split("\\.", -1);
        return remember(wanted[0] + "." + wanted[1] + "." + right[2]);
    }

    /** Claims that no library would write. */
    public static Map<String, Object> nested(int depth) {
        Map<String, Object> inner = Map.of("a", 1);
        for (int i = 0; i < depth; i++) {
            inner = Map.of("a", inner);
        }
        return inner;
    }

    /** What must stand in no log: the payload and the signature of every token so far. */
    public List<String> secretParts() {
        return made.stream()
                .flatMap(token -> Arrays.stream(token.split("\\.", -1)).skip(1))
                .filter(part -> !part.isEmpty())
                .distinct()
                .toList();
    }

    private String mac(JWSHeader header, byte[] secret, JWTClaimsSet claims) {
        try {
            return signed(header, new MACSigner(secret), claims);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private String signed(JWSHeader header, JWSSigner signer, JWTClaimsSet claims) {
        try {
            SignedJWT token = new SignedJWT(header, claims);
            token.sign(signer);
            return remember(token.serialize());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private String remember(String token) {
        made.add(token);
        return token;
    }

    private static JWSSigner rsaSigner(RSAKey key) {
        try {
            return new RSASSASigner(key);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JWSHeader header(JWSAlgorithm algorithm, String id) {
        return new JWSHeader.Builder(algorithm)
                .keyID(id)
                .type(JOSEObjectType.JWT)
                .build();
    }
}
