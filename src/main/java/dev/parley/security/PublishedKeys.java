package dev.parley.security;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Public keys in a file or at an address. They are read again each minute that tokens are shown in, so that a key that
 * was taken away stops working, and when a token names one that is not among them, so that a new key works at once.
 *
 * <p>The hard case is a flood of tokens that each name another unknown key: whatever is shown, the source is asked once
 * in an interval, by one at a time. While it is away, the keys that were read last are good for an hour. The library's
 * own cache counts the reading of stale keys among those of unknown ones, so that such a flood makes good tokens fail.
 */
final class PublishedKeys implements TokenKeys {
    static final Duration GOOD = Duration.ofMinutes(1);
    static final Duration GOOD_WITHOUT_SOURCE = Duration.ofHours(1);

    private static final int CONNECT_MILLIS = 3_000;
    private static final int READ_MILLIS = 5_000;
    private static final int LARGEST = 512 * 1024;
    private static final System.Logger LOGGER = System.getLogger(PublishedKeys.class.getName());

    private final String place;
    private final Source source;
    private final long lookAgain;
    private final Executor blocking;
    private final LongSupplier nanos;

    // Guarded by this.
    private @Nullable Known keys;
    private long readAt;
    private long askedAt;
    private @Nullable CompletableFuture<Known> reading;

    /** Reads the whole set; may block. */
    @FunctionalInterface
    interface Source {
        JWKSet read() throws IOException, ParseException;
    }

    /**
     * @param blocking may wait for a file or an address
     * @param nanos as {@link System#nanoTime}
     */
    PublishedKeys(TokenSettings.Jwks settings, Executor blocking, LongSupplier nanos) {
        this(settings, source(settings.place()), blocking, nanos);
    }

    PublishedKeys(TokenSettings.Jwks settings, Source source, Executor blocking, LongSupplier nanos) {
        this.place = settings.place();
        this.source = source;
        this.lookAgain = settings.lookAgain().toNanos();
        this.blocking = blocking;
        this.nanos = nanos;
        this.askedAt = nanos.getAsLong() - lookAgain;
    }

    @Override
    public CompletionStage<Known> known() {
        synchronized (this) {
            if (keys != null && age(readAt) < GOOD.toNanos()) {
                return CompletableFuture.completedFuture(keys);
            }
            if (reading == null && age(askedAt) < lookAgain) {
                return fallback();
            }
        }
        return read();
    }

    @Override
    public CompletionStage<Known> newerThan(Known seen) {
        synchronized (this) {
            if (keys != null && keys != seen) {
                return CompletableFuture.completedFuture(keys);
            }
            if (reading == null && age(askedAt) < lookAgain) {
                return CompletableFuture.completedFuture(seen);
            }
        }
        return read();
    }

    private long age(long since) {
        return nanos.getAsLong() - since;
    }

    /** What is known although the source did not answer lately. */
    private synchronized CompletionStage<Known> fallback() {
        return keys != null && age(readAt) < GOOD_WITHOUT_SOURCE.toNanos()
                ? CompletableFuture.completedFuture(keys)
                : CompletableFuture.failedFuture(new RefusedException(
                        ErrorCode.UNAVAILABLE, "The keys to check tokens with cannot be had just now."));
    }

    /** One reads, and all who need the keys meanwhile wait for that. */
    private CompletionStage<Known> read() {
        CompletableFuture<Known> result;
        synchronized (this) {
            if (reading != null) {
                return reading;
            }
            result = new CompletableFuture<>();
            reading = result;
            askedAt = nanos.getAsLong();
        }
        try {
            blocking.execute(() -> read(result));
        } catch (RejectedExecutionException e) { // the server stops
            done(result);
        }
        return result;
    }

    private void read(CompletableFuture<Known> result) {
        try {
            JWKSet set = source.read().toPublicJWKSet();
            synchronized (this) {
                keys = selector -> selector.select(set);
                readAt = nanos.getAsLong();
            }
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.WARNING, "parley.auth.jwks, {0}, cannot be read: {1}", place, e.toString());
        } catch (ParseException | RuntimeException e) {
            LOGGER.log(System.Logger.Level.WARNING, "parley.auth.jwks, {0}, holds no set of keys", place);
        } finally {
            done(result);
        }
    }

    private void done(CompletableFuture<Known> result) {
        CompletionStage<Known> outcome;
        synchronized (this) {
            reading = null;
            outcome = fallback();
        }
        outcome.whenComplete((known, failure) -> {
            if (failure == null) {
                result.complete(known);
            } else {
                result.completeExceptionally(failure);
            }
        });
    }

    private static Source source(String place) {
        if (!place.startsWith("https:") && !place.startsWith("http:")) {
            return () -> JWKSet.parse(Files.readString(Path.of(place)));
        }
        URL url = url(place);
        DefaultResourceRetriever retriever = new DefaultResourceRetriever(CONNECT_MILLIS, READ_MILLIS, LARGEST);
        return () -> JWKSet.parse(retriever.retrieveResource(url).getContent());
    }

    private static URL url(String place) {
        try {
            return URI.create(place).toURL();
        } catch (MalformedURLException | IllegalArgumentException e) {
            throw new IllegalArgumentException("parley.auth.jwks is '" + place + "', which is no address", e);
        }
    }
}
