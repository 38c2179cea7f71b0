package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.client.ClientOptions;
import dev.parley.client.Closing;
import dev.parley.client.ParleyClient;
import dev.parley.client.StateListener;
import dev.parley.protocol.Reply;
import dev.parley.testing.TestTokens;
import jakarta.websocket.ContainerProvider;
import jakarta.websocket.WebSocketContainer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A deployment's script drains the server before it stops it: all come back, spread over the time, and miss nothing. */
@Timeout(300)
class DrainIT {
    private static final String SECRET = "a secret of at least thirty-two bytes";
    private static final int READERS = 500;
    private static final int SPREAD_SECONDS = 4;
    private static final String CHANNEL = "desk.london";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Map<String, String> SETTINGS =
            Map.of("parley.auth.secret", SECRET, "parley.drain.spread", SPREAD_SECONDS + "s");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final TestTokens tokens = new TestTokens();
    private final String operator = token("olga", "operator");

    @TempDir
    private Path folder;

    @Test
    void a_drained_restart_loses_nothing_and_brings_nobody_back_at_once() throws Exception {
        Path data = folder.resolve("data");
        States states = new States();
        ServerProcess server = ServerProcess.start(data, SETTINGS);
        ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
        List<ParleyClient> clients = new ArrayList<>();
        try {
            int port = server.uri().getPort();
            WebSocketContainer container = sharing();
            List<NumberedReader> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                ParleyClient client = new ParleyClient(options(server, "reader-" + i), states, container);
                clients.add(client);
                readers.add(NumberedReader.readAll(client, List.of(CHANNEL)).get(CHANNEL));
            }
            ParleyClient writing = new ParleyClient(options(server, "ann"), new StateListener() {}, container);
            clients.add(writing);
            await().atMost(PATIENCE).until(() -> readers.stream().allMatch(NumberedReader::isOpen));
            NumberedPublisher publisher = new NumberedPublisher("ann", writing, List.of(CHANNEL));
            Future<?> pacing = pace.scheduleAtFixedRate(publisher::publish, 0, 50, TimeUnit.MILLISECONDS);
            await().atMost(PATIENCE).until(() -> readers.get(0).size() > 20);

            assertThat(ask("POST", server.uri().resolve("/api/drain")).statusCode())
                    .isEqualTo(202);
            assertThat(ask("GET", server.uri().resolve("/health/ready")).statusCode())
                    .isEqualTo(503);
            assertThat(handshake(server.uri())).isEqualTo(503);
            URI progress = server.uri().resolve("/api/drain");
            await().atMost(PATIENCE).until(() -> ask("GET", progress).body().contains("drained"));
            assertThat(ask("GET", progress).body()).isEqualTo("{\"stage\":\"drained\",\"connections\":0}");
            assertThat(server.terminate()).isEqualTo(143);
            server = ServerProcess.start(data, SETTINGS, port);

            await().atMost(PATIENCE).until(() -> states.opened.size() >= 2 * READERS);
            pacing.cancel(false);
            pace.shutdown();
            assertThat(pace.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            await().atMost(PATIENCE).until(() -> publisher.unanswered() == 0);
            await().atMost(PATIENCE)
                    .until(() -> readers.stream().allMatch(reader -> reader.size() >= publisher.sent()));

            assertThat(publisher.failures()).isEmpty();
            for (NumberedReader reader : readers) {
                assertThat(reader.faults()).isEmpty();
                assertThat(reader.numbersOf("ann"))
                        .isEqualTo(IntStream.rangeClosed(1, publisher.sent())
                                .boxed()
                                .toList());
            }
            assertThat(states.closings).isEmpty();
            int[] gone = states.histogram(states.interrupted);
            Figures.print("drained restart: " + READERS + " clients, " + publisher.sent()
                    + " published; lost 0, doubled 0; told to come back in each half second: " + Arrays.toString(gone)
                    + "; came back: " + Arrays.toString(states.histogram(states.returned())));
            // Not all at once: the first batch and what a tick adds are far below half of them
            assertThat(Arrays.stream(gone).max().orElseThrow()).isLessThan(READERS / 2);
        } finally {
            pace.shutdownNow();
            clients.forEach(ParleyClient::close);
            server.close();
        }
    }

    @Test
    void only_operators_may() throws Exception {
        try (ServerProcess server = ServerProcess.start(folder.resolve("data"), SETTINGS)) {
            URI drain = server.uri().resolve("/api/drain");

            assertThat(send("POST", drain, "").statusCode()).isEqualTo(401);
            assertThat(send("POST", drain, token("ann")).statusCode()).isEqualTo(403);
            assertThat(send("GET", drain, token("ann")).statusCode()).isEqualTo(403);

            assertThat(ask("GET", drain).body()).isEqualTo("{\"stage\":\"serving\",\"connections\":0}");
        }
    }

    @Test
    void the_command_line_waits_until_it_is_done() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), operator + "\n");
        try (ServerProcess server = ServerProcess.start(folder.resolve("data"), SETTINGS);
                TestClient client = TestClient.open(server.uri())) {
            client.subscribe(CHANNEL);

            assertThat(drain(server.uri().toString(), "--token-file", token.toString()))
                    .startsWith("0 ")
                    .contains("drained, 0 connections");
            assertThat(client.awaitClosing().code()).isEqualTo(1012);
            assertThat(drain(server.uri().toString())).startsWith("1 ").contains("401");
        }
    }

    private static String drain(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.parley.standalone.Main",
                "drain"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + " " + output;
    }

    private String token(String user, String... roles) {
        return tokens.signed(SECRET, TestTokens.claims(user, roles).build());
    }

    private HttpResponse<String> ask(String method, URI uri) throws Exception {
        return send(method, uri, operator);
    }

    private static HttpResponse<String> send(String method, URI uri, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody());
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static int handshake(URI server) throws Exception {
        try (RawClient client = RawClient.open(server)) {
            return Integer.parseInt(client.handshake("/channels").split(" ", 3)[1]);
        }
    }

    private static ClientOptions options(ServerProcess server, String name) {
        return ClientOptions.to(TestClient.webSocket(server.uri(), "/channels")).named(name);
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
        private final Queue<Closing> closings = new ConcurrentLinkedQueue<>();

        @Override
        public void open(Reply.Connected connected) {
            opened.add(System.nanoTime());
        }

        @Override
        public void interrupted(String reason, Duration pause) {
            if (reason.startsWith("restart")) {
                interrupted.add(System.nanoTime());
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
            int[] counts = new int[40];
            times.forEach(time -> counts[(int) Math.min(39, Math.max(0, (time - first) / 500_000_000L))]++);
            int last = IntStream.range(0, 40).filter(i -> counts[i] > 0).max().orElse(0);
            return Arrays.copyOf(counts, last + 1);
        }
    }
}
