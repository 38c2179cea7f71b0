package dev.parley.security;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableSecret;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where the keys come from that tokens are checked with. */
public final class TokenKeys {
    private static final int SHORTEST_SECRET = 32;
    private static final Duration KEPT = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private TokenKeys() {}

    /**
     * The secret's, or those of the file or address, which are read again from time to time, and when a token names one
     * that is not among them: so keys can be changed while the server runs.
     *
     * @throws IllegalArgumentException when the settings name none, or both kinds
     */
    public static JWKSource<SecurityContext> of(TokenSettings settings) {
        if (settings.secret().isPresent() == settings.jwks().isPresent()) {
            throw new IllegalArgumentException("either parley.auth.secret or parley.auth.jwks is set");
        }
        return settings.secret().isPresent()
                ? secret(settings.secret().get())
                : published(settings.jwks().orElseThrow(), settings.lookAgain());
    }

    private static JWKSource<SecurityContext> secret(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < SHORTEST_SECRET) {
            throw new IllegalArgumentException(
                    "parley.auth.secret has " + bytes.length + " bytes; at least " + SHORTEST_SECRET + " are needed");
        }
        return new ImmutableSecret<>(bytes);
    }

    private static JWKSource<SecurityContext> published(String place, Duration lookAgain) {
        JWKSourceBuilder<SecurityContext> builder = place.startsWith("https:") || place.startsWith("http:")
                ? JWKSourceBuilder.create(url(place))
                : JWKSourceBuilder.create(new KeyFile(Path.of(place)));
        return builder.retrying(true)
                .cache(KEPT.toMillis(), PATIENCE.toMillis())
                .refreshAheadCache(false)
                .rateLimited(Math.max(1, lookAgain.toMillis()))
                .build();
    }

    private static URL url(String place) {
        try {
            return URI.create(place).toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("parley.auth.jwks is not an address: " + place, e);
        }
    }

    /** Keys in a file, read when they are asked for. */
    private record KeyFile(Path path) implements JWKSetSource<SecurityContext> {
        @Override
        public JWKSet getJWKSet(
                JWKSetCacheRefreshEvaluator evaluator, long currentTime, @Nullable SecurityContext context)
                throws KeySourceException {
            try {
                return JWKSet.parse(Files.readString(path));
            } catch (IOException | ParseException e) {
                throw new JWKSetUnavailableException("The file of keys cannot be read", e);
            }
        }

        @Override
        public void close() {
            // nothing is kept open
        }
    }
}
