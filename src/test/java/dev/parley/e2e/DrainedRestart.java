package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.client.ClientOptions;
import dev.parley.client.ClientTimes;
import dev.parley.client.Closing;
import dev.parley.client.ParleyClient;
import dev.parley.client.StateListener;
import dev.parley.protocol.Reply;
import dev.parley.testing.ChaosProxy;
import dev.parley.testing.Figures;
import dev.parley.testing.Scale;
import jakarta.websocket.ContainerProvider;
import jakarta.websocket.WebSocketContainer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.glassfish.tyrus.client.ClientManager;
import org.glassfish.tyrus.client.ClientProperties;

/**
 * Hundreds of clients that read and one that publishes steadily, while their server is drained, taken away and started again,
 * perhaps on another port. The server's operators have a token, and it has the {@link #SETTINGS}.
 */
public final class DrainedRestart implements AutoCloseable {
    /** A spread longer than any pause of a busy machine, and as much time to go as a client needs. */
    public static final Map<String, String> SETTINGS = Map.of("parley.drain.spread", "8s", "parley.drain.wait", "60s");

    private static final int READERS = Scale.of(100, 250, 2_000);
    private static final String CHANNEL = "desk.london";

    /** Whoever finds nobody looks again soon: the server is away for a moment only. */
    private static final ClientTimes TIMES =
            ClientTimes.DEFAULTS.withPauses(Duration.ofMillis(250), Duration.ofSeconds(5));

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int HALF_SECONDS = 120;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String name;
    private final String operator;
    private final URI server;
    private final ChaosProxy proxy;
    private final WebSocketContainer container = sharing();
    private final States states = new States();
    private final List<ParleyClient> clients = new ArrayList<>();
    private final List<NumberedReader> readers = new ArrayList<>();
    private final NumberedPublisher publisher;
    private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();

    /**
     * Returns when all read and some has been published.
     *
     * @param server with the context root
     */
    public DrainedRestart(String name, URI server, String operator) {
        this.name = name;
        this.server = server;
        this.operator = operator;
        this.proxy = ChaosProxy.to(server);
        for (int i = 0; i < READERS; i++) {
            readers.add(NumberedReader.readAll(client("reader-" + i, states), List.of(CHANNEL))
                    .get(CHANNEL));
        }
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(readers).flatExtracting(NumberedReader::faults).isEmpty();
            assertThat(states.interruptions.stream().limit(3)).isEmpty();
            assertThat(readers).filteredOn(NumberedReader::isOpen).hasSize(READERS);
        });
        publisher = new NumberedPublisher("ann", client("ann", new StateListener() {}), List.of(CHANNEL));
        Future<?> unused = pace.scheduleAtFixedRate(publisher::publish, 0, 50, TimeUnit.MILLISECONDS);
        await().atMost(PATIENCE).until(() -> readers.get(0).size() > 20);
    }

    /** As a deployment's script does; returns when the server says that it is done. */
    public void drain() throws IOException, InterruptedException {
        URI drain = server.resolve("api/drain");
        assertThat(ask("POST", drain).statusCode()).isEqualTo(202);
        assertThat(ask("GET", server.resolve("health/ready")).statusCode()).isEqualTo(503);
        try (RawWebSocketClient late = RawWebSocketClient.open(server)) {
            assertThat(late.handshake(server.getPath() + "channels")).contains(" 503 ");
        }
        await().atMost(PATIENCE).until(() -> ask("GET", drain).body().contains("drained"));
        assertThat(ask("GET", drain).body()).isEqualTo("{\"stage\":\"drained\",\"connections\":0}");
    }

    /** All come back to where it serves now, and have everything once and in order. */
    public void assertNothingLost(URI again) {
        proxy.retarget(again.getPort());
        await().atMost(PATIENCE).until(() -> states.opened.size() >= 2 * READERS);
        stopPublishing();
        await().atMost(PATIENCE).until(() -> publisher.unanswered() == 0);
        await().atMost(PATIENCE).until(() -> readers.stream().allMatch(reader -> reader.size() >= publisher.sent()));

        assertThat(publisher.failures()).isEmpty();
        List<Integer> all = IntStream.rangeClosed(1, publisher.sent()).boxed().toList();
        for (NumberedReader reader : readers) {
            assertThat(reader.faults()).isEmpty();
            assertThat(reader.numbersOf("ann")).isEqualTo(all);
        }
        assertThat(states.closings).isEmpty();
        assertThat(states.interrupted).as("told to come back").hasSizeGreaterThanOrEqualTo(READERS);
        int[] gone = states.histogram(states.interrupted);
        Figures.print("drained restart, " + name + ": " + READERS + " clients, " + publisher.sent()
                + " published; lost 0, doubled 0; told to come back in each half second: " + Arrays.toString(gone)
                + "; came back: " + Arrays.toString(states.histogram(states.returned())));
        assertThat(Arrays.stream(gone).max().orElseThrow())
                .as("not all at once: in sixteen half seconds, of which none has half of them")
                .isLessThan(READERS / 2);
    }

    /** When this returns nothing more is published: the one of the moment has been, too. */
    private void stopPublishing() {
        pace.shutdown();
        await().atMost(PATIENCE).until(pace::isTerminated);
    }

    @Override
    public void close() {
        pace.shutdownNow();
        clients.forEach(ParleyClient::close);
        proxy.close();
    }

    private ParleyClient client(String user, StateListener listener) {
        URI uri = proxy.through(TestClient.webSocket(server, "/channels"));
        ParleyClient client = new ParleyClient(ClientOptions.to(uri).named(user).withTimes(TIMES), listener, container);
        clients.add(client);
        return client;
    }

    private HttpResponse<String> ask(String method, URI uri) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer " + operator)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** One selector for all of them. */
    private static WebSocketContainer sharing() {
        WebSocketContainer container = ContainerProvider.getWebSocketContainer();
        ((ClientManager) container).getProperties().put(ClientProperties.SHARED_CONTAINER, true);
        return container;
    }

    private static final class States implements StateListener {
        private final Queue<Long> opened = new ConcurrentLinkedQueue<>();
        private final Queue<Long> interrupted = new ConcurrentLinkedQueue<>();
        private final Queue<String> interruptions = new ConcurrentLinkedQueue<>();
        private final Queue<Closing> closings = new ConcurrentLinkedQueue<>();

        @Override
        public void open(Reply.Connected connected) {
            opened.add(System.nanoTime());
        }

        @Override
        public void interrupted(String reason, Duration pause) {
            if (reason.startsWith("restart")) {
                interrupted.add(System.nanoTime());
            } else {
                interruptions.add(reason);
            }
        }

        @Override
        public void closed(Closing closing) {
            closings.add(closing);
        }

        List<Long> returned() {
            return opened.stream().skip(READERS).toList();
        }

        /** In half seconds since the first was told. */
        int[] histogram(Iterable<Long> times) {
            long first = interrupted.stream().mapToLong(Long::longValue).min().orElseThrow();
            int[] counts = new int[HALF_SECONDS];
            times.forEach(time ->
                    counts[(int) Math.min(HALF_SECONDS - 1, Math.max(0, (time - first) / 500_000_000L))]++);
            int last = IntStream.range(0, HALF_SECONDS)
                    .filter(i -> counts[i] > 0)
                    .max()
                    .orElse(0);
            return Arrays.copyOf(counts, last + 1);
        }
    }
}
