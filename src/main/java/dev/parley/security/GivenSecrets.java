package dev.parley.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Secrets that this server, and nobody else, gives to its clients, and knows again without having kept them: 128 bits by
 * chance and the first 64 of their HMAC-SHA-256 (RFC 2104), as 32 characters of base64url. Nodes that share a key know
 * each other's. Thread-safe.
 *
 * <p>What a client makes up is found out, but for one try in 2^64, so it can neither take places nor be counted by itself.
 */
public final class GivenSecrets {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int RANDOM_BYTES = 16;
    private static final int TAG_BYTES = 8;
    private static final int KEY_BYTES = 32;
    private static final int LENGTH = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKeySpec key;

    /** @param key 32 bytes that nobody else knows */
    public GivenSecrets(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** By a key that no other process has. */
    public static GivenSecrets ofThisProcess() {
        return new GivenSecrets(newKey());
    }

    /** Of the length that the constructor asks for. */
    public static byte[] newKey() {
        byte[] bytes = new byte[KEY_BYTES];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /** Another one each time. */
    public String fresh() {
        byte[] bytes = new byte[RANDOM_BYTES + TAG_BYTES];
        RANDOM.nextBytes(bytes);
        System.arraycopy(tag(bytes), 0, bytes, RANDOM_BYTES, TAG_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Whether it is one of them; whatever a client shows may be asked. */
    public boolean include(String secret) {
        if (secret.length() != LENGTH) {
            return false;
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(secret.getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return false;
        }
        return bytes.length == RANDOM_BYTES + TAG_BYTES
                && MessageDigest.isEqual(tag(bytes), Arrays.copyOfRange(bytes, RANDOM_BYTES, bytes.length));
    }

    private byte[] tag(byte[] bytes) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(bytes, 0, RANDOM_BYTES);
            return Arrays.copyOf(mac.doFinal(), TAG_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
