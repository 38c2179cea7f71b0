package dev.parley.security;

import dev.parley.api.Credentials;
import dev.parley.api.Identities;
import dev.parley.api.Identity;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Everyone whom nobody vouches for is a guest, and can be the same guest again by showing the secret it was given.
 *
 * <p>A guest's id is derived from its secret by SHA-256, so nothing is stored: it is the same guest on every node and
 * after a restart, and nobody can be another guest without finding a second secret for 80 given bits.
 */
public final class Guests implements Identities {
    private static final int SECRET_BYTES = 24;
    private static final int SECRET_LENGTH = 32;
    private static final int ID_BYTES = 10;

    private final SecureRandom random = new SecureRandom();

    @Override
    public CompletionStage<Identified> identify(Credentials credentials) {
        try {
            return CompletableFuture.completedFuture(identified(credentials));
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Identified identified(Credentials credentials) {
        ContainerLogins.requireName(credentials);
        if (credentials.token().isPresent()) {
            throw new RefusedException(ErrorCode.BAD_CREDENTIALS, "This server takes no tokens.");
        }
        if (credentials.principal().isPresent()) {
            return new Identified(
                    ContainerLogins.identity(credentials.principal().get(), credentials), Optional.empty());
        }
        String secret = credentials.secret().orElseGet(this::newSecret);
        if (!isSecret(secret)) {
            throw new RefusedException(ErrorCode.BAD_CREDENTIALS, "This is not a guest's secret.");
        }
        return new Identified(
                new Identity(Identity.GUEST_PREFIX + id(secret), credentials.name()), Optional.of(secret));
    }

    private String newSecret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static boolean isSecret(String text) {
        return text.length() == SECRET_LENGTH
                && text.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || c == '-'
                                || c == '_');
    }

    private static String id(String secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
