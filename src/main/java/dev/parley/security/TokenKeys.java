package dev.parley.security;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.proc.SecurityContext;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The keys that tokens are checked with. Thread-safe and non-blocking. */
interface TokenKeys {
    /** At once, unless they must be read first. Fails with {@code unavailable} when they cannot be had. */
    CompletionStage<Known> known();

    /** Those that are newer, where a token names a key that is not among these; the same ones, if there are none. */
    CompletionStage<Known> newerThan(Known seen);

    /** The keys at one moment; goes through the library as its context. */
    @FunctionalInterface
    interface Known extends SecurityContext {
        /** Those that the header of a token asks for. */
        List<JWK> matching(JWKSelector selector);
    }
}
