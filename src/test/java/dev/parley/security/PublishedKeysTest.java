package dev.parley.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpServer;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.security.TokenKeys.Known;
import dev.parley.testing.TestTokens;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that come and go while the server runs. */
class PublishedKeysTest {
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final JWK FIRST = TestTokens.ec("first");
    private static final JWK SECOND = TestTokens.ec("second");

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1); // nanoTime may overflow
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicReference<String> published = new AtomicReference<>(TestTokens.jwks(FIRST));
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private volatile boolean away;

    @TempDir
    private Path folder;

    @Test
    void a_new_key_is_found_at_once_when_a_token_names_it() {
        PublishedKeys keys = keys();
        Known known = get(keys.known());
        publish(FIRST, SECOND);
        pass(INTERVAL);

        assertThat(ids(known)).containsExactly("first");
        assertThat(ids(get(keys.newerThan(known)))).containsExactly("first", "second");
    }

    @Test
    void a_flood_of_unknown_keys_reads_them_once_in_an_interval() {
        PublishedKeys keys = keys();
        Known known = get(keys.known());
        pass(INTERVAL);

        for (int i = 0; i < 1_000; i++) {
            known = get(keys.newerThan(known));
        }

        assertThat(reads).hasValue(2);
        assertThat(ids(get(keys.known()))).containsExactly("first");
    }

    @Test
    void a_flood_at_the_moment_when_the_keys_are_stale_does_no_harm_to_good_tokens() {
        PublishedKeys keys = keys();
        Known known = get(keys.known());
        pass(PublishedKeys.GOOD.minusSeconds(1));
        Known unknown = get(keys.newerThan(known));
        pass(Duration.ofSeconds(2));

        assertThat(ids(get(keys.known()))).containsExactly("first");
        assertThat(get(keys.newerThan(unknown))).isSameAs(unknown);
    }

    @Test
    void a_key_that_is_taken_away_stops_working_within_a_minute() {
        PublishedKeys keys = keys();
        assertThat(ids(get(keys.known()))).containsExactly("first");
        publish(SECOND);
        pass(PublishedKeys.GOOD.minusNanos(1));
        assertThat(ids(get(keys.known()))).containsExactly("first");
        pass(Duration.ofNanos(1));

        assertThat(ids(get(keys.known()))).containsExactly("second");
    }

    @Test
    void while_the_source_is_away_the_last_keys_are_good_for_an_hour_and_it_is_not_flooded() {
        PublishedKeys keys = keys();
        assertThat(ids(get(keys.known()))).containsExactly("first");
        away = true;
        pass(PublishedKeys.GOOD);

        for (int i = 0; i < 100; i++) {
            assertThat(ids(get(keys.known()))).containsExactly("first");
        }
        assertThat(reads).hasValue(2);
        pass(PublishedKeys.GOOD_WITHOUT_SOURCE);
        assertThat(refusal(keys.known())).isEqualTo(ErrorCode.UNAVAILABLE);
        away = false;
        assertThat(refusal(keys.known())).isEqualTo(ErrorCode.UNAVAILABLE);
        pass(INTERVAL);
        assertThat(ids(get(keys.known()))).containsExactly("first");
    }

    @Test
    void all_who_need_the_keys_wait_for_one_reading() {
        PublishedKeys keys = new PublishedKeys(settings("test"), this::read, waiting::add, now::get);
        CompletableFuture<Known> one = keys.known().toCompletableFuture();
        CompletableFuture<Known> other = keys.known().toCompletableFuture();
        assertThat(one).isNotDone();

        waiting.remove().run();

        assertThat(other.join()).isSameAs(one.join());
        assertThat(waiting).isEmpty();
    }

    @Test
    void when_the_server_stops_nobody_waits_for_keys() {
        PublishedKeys keys = new PublishedKeys(
                settings("test"),
                this::read,
                task -> {
                    throw new RejectedExecutionException();
                },
                now::get);

        assertThat(refusal(keys.known())).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void the_keys_of_a_file_are_read_again() throws IOException {
        Path file = Files.writeString(folder.resolve("jwks.json"), TestTokens.jwks(FIRST));
        PublishedKeys keys = new PublishedKeys(settings(file.toString()), Runnable::run, now::get);
        Known known = get(keys.known());
        Files.writeString(file, TestTokens.jwks(SECOND));
        pass(INTERVAL);

        assertThat(ids(known)).containsExactly("first");
        assertThat(ids(get(keys.newerThan(known)))).containsExactly("second");
    }

    @Test
    void a_file_that_holds_no_keys_is_unavailable() throws IOException {
        Path file = Files.writeString(folder.resolve("jwks.json"), "not JSON");

        assertThat(refusal(new PublishedKeys(settings(file.toString()), Runnable::run, now::get).known()))
                .isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void private_keys_in_the_set_are_used_by_their_public_halves_and_secrets_not_at_all() {
        published.set("{\"keys\":[" + SECOND.toJSONString() + ",{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"oct\"}]}");

        List<JWK> known = get(keys().known()).matching(new JWKSelector(new JWKMatcher.Builder().build()));

        assertThat(known).containsExactly(SECOND.toPublicJWK()).noneMatch(JWK::isPrivate);
    }

    @Test
    void the_keys_of_an_address_are_read_again() throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/jwks", exchange -> {
            reads.incrementAndGet();
            byte[] body = published.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(away ? 500 : 200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        http.start();
        try {
            String address = "http://127.0.0.1:" + http.getAddress().getPort() + "/jwks";
            PublishedKeys keys = new PublishedKeys(settings(address), Runnable::run, now::get);
            Known known = get(keys.known());
            publish(FIRST, SECOND);
            assertThat(get(keys.newerThan(known))).isSameAs(known);
            pass(INTERVAL);
            known = get(keys.newerThan(known));
            assertThat(ids(known)).containsExactly("first", "second");
            away = true;
            pass(INTERVAL);
            assertThat(get(keys.newerThan(known))).isSameAs(known);
            assertThat(reads).hasValue(3);
        } finally {
            http.stop(0);
        }
    }

    private JWKSet read() throws IOException {
        reads.incrementAndGet();
        if (away) {
            throw new IOException("away");
        }
        try {
            return JWKSet.parse(published.get());
        } catch (ParseException e) {
            throw new IOException(e);
        }
    }

    private PublishedKeys keys() {
        return new PublishedKeys(settings("test"), this::read, Runnable::run, now::get);
    }

    private void publish(JWK... keys) {
        published.set(TestTokens.jwks(keys));
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static TokenSettings.Jwks settings(String place) {
        return new TokenSettings.Jwks(place, INTERVAL);
    }

    private static List<String> ids(Known known) {
        return known.matching(new JWKSelector(new JWKMatcher.Builder().build())).stream()
                .map(JWK::getKeyID)
                .toList();
    }

    private static Known get(CompletionStage<Known> stage) {
        return stage.toCompletableFuture().getNow(null);
    }

    private static ErrorCode refusal(CompletionStage<Known> stage) {
        try {
            throw new AssertionError("known: " + stage.toCompletableFuture().join());
        } catch (CompletionException e) {
            return ((RefusedException) e.getCause()).code();
        }
    }
}
