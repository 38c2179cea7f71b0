package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.client.ClientOptions;
import dev.parley.client.ClientTimes;
import dev.parley.client.Closing;
import dev.parley.client.ParleyClient;
import dev.parley.protocol.Message;
import dev.parley.protocol.Start;
import dev.parley.standalone.StandaloneServer;
import dev.parley.testing.TestTokens;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Java client with tokens that expire while it talks. */
@Timeout(180)
class ClientTokensIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    /** The client asks for the next at half of it, and must have it before the end, however busy the machine is. */
    private static final int SECONDS = 8;

    private static final int TOKENS = 3;

    @TempDir
    private Path folder;

    private StandaloneServer server;
    private final TestTokens tokens = new TestTokens();
    private final AtomicInteger given = new AtomicInteger();
    private final RecordedStates states = new RecordedStates();

    @BeforeEach
    void start() {
        server = TestServers.start(
                folder,
                Map.of("parley.auth.secret", SECRET, "parley.auth.clock-skew", "0s", "parley.auth.guests", "false"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void one_connection_outlives_its_tokens() throws Exception {
        List<Message> read = new CopyOnWriteArrayList<>();
        try (ParleyClient client = client(this::fresh)) {
            client.subscribe(Start.now("room"), read::add);
            await().atMost(PATIENCE).until(() -> given.get() > TOKENS);
            client.publishText("room", "still here").toCompletableFuture().get(60, TimeUnit.SECONDS);
            await().atMost(PATIENCE).until(() -> read.size() == 1);
            assertThat(read.get(0).from().user()).isEqualTo("ann");
            assertThat(states.opened).hasValue(1);
            assertThat(states.interrupted).isEmpty();
        }
    }

    @Test
    void who_has_only_one_token_is_closed_when_it_has_expired_and_told_so() {
        String only = token(2); // if that is too short to be let in with, the client is told the same
        try (ParleyClient client = client(() -> only)) {
            await().atMost(PATIENCE).until(() -> !states.closed.isEmpty());
            assertThat(client.position("room")).isEmpty();
            assertThat(states.closed)
                    .containsExactly(
                            new Closing("token-expired", "The source of tokens gives the one that has expired."));
        }
    }

    private ParleyClient client(Supplier<String> supplier) {
        ClientTimes times = ClientTimes.DEFAULTS.withPauses(Duration.ofMillis(20), Duration.ofMillis(200));
        return new ParleyClient(
                ClientOptions.to(server.webSocket("/channels")).withTimes(times).withToken(supplier), states);
    }

    private String fresh() {
        given.incrementAndGet();
        return token(SECONDS);
    }

    private String token(int seconds) {
        return tokens.signed(
                SECRET,
                TestTokens.claims("ann")
                        .expirationTime(Date.from(Instant.now().plusSeconds(seconds)))
                        .build());
    }
}
