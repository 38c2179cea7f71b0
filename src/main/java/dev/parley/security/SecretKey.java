package dev.parley.security;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The one secret of the settings, whatever key id a token names. */
final class SecretKey implements TokenKeys {
    private static final int SHORTEST = 32;

    private final Known known;

    /** @throws IllegalArgumentException when it is so short that it could be found by trying */
    SecretKey(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < SHORTEST) {
            throw new IllegalArgumentException(
                    "parley.auth.secret has " + bytes.length + " bytes, but at least " + SHORTEST + " are needed");
        }
        List<JWK> keys = List.of(new OctetSequenceKey.Builder(bytes).build());
        this.known = selector -> keys;
    }

    @Override
    public CompletionStage<Known> known() {
        return CompletableFuture.completedFuture(known);
    }

    @Override
    public CompletionStage<Known> newerThan(Known seen) {
        return known();
    }
}
