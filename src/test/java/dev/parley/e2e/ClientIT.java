package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.client.ClientLimits;
import dev.parley.client.ClientOptions;
import dev.parley.client.ClientTimes;
import dev.parley.client.Data;
import dev.parley.client.ParleyClient;
import dev.parley.protocol.Body;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.Reply;
import dev.parley.protocol.Start;
import dev.parley.standalone.StandaloneServer;
import dev.parley.testing.ChaosProxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Java client and a real server, with the Tyrus client between them. */
@Timeout(180)
class ClientIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ROOM = "room";

    @TempDir
    private Path folder;

    private StandaloneServer server;
    private ChaosProxy proxy;
    private TestClient other;
    private final RecordedStates states = new RecordedStates();
    private final List<Message> read = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void start() {
        server = TestServers.start(
                folder,
                Map.of("parley.limits.commands-per-second", "0", "parley.limits.publish-bytes-per-second", "0"));
        proxy = ChaosProxy.to(server.uri());
        other = TestClient.open(server.uri());
    }

    @AfterEach
    void stop() {
        other.close();
        proxy.close();
        server.close();
    }

    @Test
    void a_handshake_that_hangs_is_given_up_and_one_that_does_not_succeeds() throws Exception {
        proxy.stall();
        try (ParleyClient client = client(ClientTimes.DEFAULTS.withConnect(Duration.ofMillis(200)))) {
            CompletionStage<Position> stage = client.publishText(ROOM, "hi");
            await().atMost(PATIENCE).until(() -> states.interrupted.size() > 1);
            proxy.pass();
            assertThat(get(stage).offset()).isEqualTo(1);
            assertThat(states.interrupted).allMatch(reason -> reason.contains("ClientTimes.connect"));
        }
    }

    @Test
    void a_connection_that_has_fallen_silent_is_replaced_and_read_on() {
        ClientTimes times =
                ClientTimes.DEFAULTS.withPing(Duration.ofMillis(300)).withConnect(Duration.ofSeconds(1));
        try (ParleyClient client = client(times)) {
            read(client);
            BulkPublisher.publish(other, ROOM, 1, 10);
            await().atMost(PATIENCE).until(() -> read.size() == 10);
            proxy.stall();
            BulkPublisher.publish(other, ROOM, 11, 10);
            await().atMost(PATIENCE).until(() -> states.interrupted.contains("The server is silent."));
            proxy.pass();
            await().atMost(PATIENCE).until(() -> read.size() >= 20);
            assertThat(offsets()).isEqualTo(range(20));
        }
    }

    @Test
    void a_slow_listener_loses_nothing_fills_no_memory_and_holds_up_nothing() throws Exception {
        BulkPublisher.publish(other, ROOM, 1, 9_500, "x".repeat(200)); // less than the history holds
        CountDownLatch slow = new CountDownLatch(1);
        try (ParleyClient client = client(ClientTimes.DEFAULTS)) {
            client.subscribe(Start.after(ROOM, Position.NONE), message -> {
                awaitQuietly(slow);
                read.add(message);
            });
            assertThat(get(client.publishText("elsewhere", "hi")).offset()).isEqualTo(1);
            await().atMost(PATIENCE).until(() -> get(client.presence(ROOM)) != null);
            slow.countDown();
            await().atMost(PATIENCE).until(() -> read.size() >= 9_500);
            assertThat(offsets()).isEqualTo(range(9_500));
            assertThat(states.opened).hasValue(1);
            assertThat(states.interrupted).isEmpty();
        }
    }

    @Test
    void what_is_larger_than_the_client_takes_is_mentioned() throws Exception {
        ClientOptions options = ClientOptions.to(uri()).withLimits(ClientLimits.DEFAULTS.withMaxMessage(100_000));
        try (ParleyClient client = new ParleyClient(options, states)) {
            read(client);
            await().atMost(PATIENCE).until(() -> client.position(ROOM).isPresent());
            get(client.publishText(ROOM, "x".repeat(200_000)));
            get(client.publish(ROOM, Data.ofBytes("image/png", new byte[2_000_000])));
            get(client.publishText(ROOM, "small"));
            await().atMost(PATIENCE).until(() -> read.size() == 3);
            assertThat(read)
                    .extracting(Message::body)
                    .satisfiesExactly(
                            body -> assertReference(body, "application/json", 200_002),
                            body -> assertReference(body, "image/png", 2_000_000),
                            body -> assertThat(body).isEqualTo(Data.ofText("small")));
            assertThat(states.interrupted).isEmpty();
        }
    }

    private static void assertReference(Body body, String type, int size) {
        assertThat(body).isInstanceOfSatisfying(Body.Reference.class, reference -> {
            assertThat(reference.type()).isEqualTo(type);
            assertThat(reference.size()).isEqualTo(size);
        });
    }

    @Test
    void older_messages_are_read_back_page_by_page() throws Exception {
        BulkPublisher.publish(other, ROOM, 1, 25);
        try (ParleyClient client = client(ClientTimes.DEFAULTS)) {
            await().atMost(PATIENCE).until(() -> states.opened.get() == 1);
            Reply.History newest = get(client.history(ROOM, Optional.empty(), 10));
            Reply.History before = get(
                    client.history(ROOM, Optional.of(newest.messages().get(0).position()), 100));
            assertThat(newest.messages())
                    .extracting(message -> message.position().offset())
                    .isEqualTo(LongStream.rangeClosed(16, 25).boxed().toList());
            assertThat(newest.more()).isTrue();
            assertThat(before.messages())
                    .extracting(message -> message.position().offset())
                    .isEqualTo(range(15));
            assertThat(before.more()).isFalse();
        }
    }

    @Test
    void its_threads_and_connections_end_with_it() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (ParleyClient client = client(ClientTimes.DEFAULTS)) {
                get(client.publishText(ROOM, "hi"));
            }
        }
        await().atMost(PATIENCE).until(() -> proxy.open() == 0);
        await().atMost(PATIENCE)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("parley-client")));
    }

    private ParleyClient client(ClientTimes times) {
        return new ParleyClient(
                ClientOptions.to(uri()).withTimes(times.withPauses(Duration.ofMillis(20), Duration.ofMillis(200))),
                states);
    }

    private URI uri() {
        return proxy.through(server.webSocket("/channels"));
    }

    private void read(ParleyClient client) {
        client.subscribe(Start.after(ROOM, Position.NONE), read::add);
    }

    private List<Long> offsets() {
        return read.stream().map(message -> message.position().offset()).toList();
    }

    private static List<Long> range(int last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
