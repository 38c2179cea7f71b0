package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.grizzly.CloseTimeouts;
import jakarta.websocket.OnOpen;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StandaloneServerTest {
    @TempDir
    private Path folder;

    @Test
    void started_and_stopped_ten_times_it_leaves_no_thread() throws Exception {
        start(Map.of()).close();
        Set<Thread> before = Thread.getAllStackTraces().keySet();

        for (int i = 0; i < 10; i++) {
            try (StandaloneServer server = start(Map.of())) {
                RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/echo"));
                client.send("hello");
                assertThat(client.next()).isEqualTo("hello");
            }
        }

        await().untilAsserted(() -> assertThat(threadsBut(before)).isEmpty());
    }

    @Test
    void stopping_tells_every_client_to_come_back_and_ends_their_connections() throws Exception {
        StandaloneServer server =
                start(Map.of(), new CloseTimeouts(Duration.ofSeconds(1), CloseTimeouts.DEFAULTS.silence()));
        RecordingWebSocket jdk = new RecordingWebSocket(server.webSocket("/echo"));
        try (RawSocket raw = RawSocket.open(server.port())) {
            raw.handshake("/echo");

            server.close();

            assertThat(jdk.closed.get(10, TimeUnit.SECONDS)).isEqualTo("1012 restart; reconnect");
            assertThat(raw.readAll()).isEqualTo("\u0088\u0014\u0003\u00f4restart; reconnect");
        }
        assertThatThrownBy(() -> RawSocket.open(server.port())).isInstanceOf(ConnectException.class);
    }

    /** What it opens waits until it may. */
    @ServerEndpoint("/slow-to-open")
    public static class SlowToOpenEndpoint {
        static final CountDownLatch MAY_OPEN = new CountDownLatch(1);

        @OnOpen
        public void open() throws InterruptedException {
            MAY_OPEN.await();
        }
    }

    @Test
    void a_client_whose_session_is_just_opening_when_the_server_stops_is_told_to_come_back_too() throws Exception {
        StandaloneServer server = StandaloneServer.start(
                StandaloneSettings.read(Map.of("parley.port", "0", "parley.data", folder.toString()), Optional.empty()),
                SlowToOpenEndpoint.class);
        RecordingWebSocket client =
                new RecordingWebSocket(server.webSocket("/slow-to-open")); // it has read the answer, and it is open

        Thread stopping = new Thread(server::close);
        stopping.start();
        await().until(() -> isWaitingForFarewells(stopping) || !stopping.isAlive());
        SlowToOpenEndpoint.MAY_OPEN.countDown();

        assertThat(client.closed.get(10, TimeUnit.SECONDS)).isEqualTo("1012 restart; reconnect");
        stopping.join();
    }

    private static boolean isWaitingForFarewells(Thread stopping) {
        return Arrays.stream(stopping.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("awaitFarewells"));
    }

    @Test
    void two_servers_in_one_process_each_have_their_own_settings() throws Exception {
        Path web = Files.createDirectories(folder.resolve("web"));
        Files.writeString(web.resolve("index.html"), "second");
        try (StandaloneServer first =
                        start(Map.of("parley.data", folder.resolve("a").toString()));
                StandaloneServer second =
                        start(Map.of("parley.data", folder.resolve("b").toString(), "parley.web", web.toString()))) {
            assertThat(first.port()).isNotEqualTo(second.port());
            assertThat(RawSocket.ask(second.port(), "GET / HTTP/1.1", "Host: localhost", "Connection: close"))
                    .endsWith("second");
            assertThat(RawSocket.ask(
                            first.port(), "GET /health/ready HTTP/1.1", "Host: localhost", "Connection: close"))
                    .contains("\r\n\r\n{\"status\":\"UP\",\"checks\":[{\"name\":");
        }
    }

    @Test
    void a_port_in_use_is_told_in_one_sentence() {
        try (StandaloneServer server = start(Map.of())) {
            assertThatThrownBy(() -> start(Map.of("parley.port", Integer.toString(server.port()))))
                    .isInstanceOf(StartException.class)
                    .hasMessageMatching("Cannot listen on 127.0.0.1 port \\d+: Address already in use\\. .*");
        }
    }

    @Test
    void a_database_that_cannot_be_used_is_told_in_one_sentence() throws IOException {
        Files.writeString(folder.resolve("parley.mv.db"), "this is no database");

        assertThatThrownBy(() -> start(Map.of()))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("The database, embedded H2 in " + folder + ", cannot be used: ");
    }

    @Test
    void the_greeting_says_what_runs_where_and_what_is_not_durable() {
        try (StandaloneServer server = start(Map.of("parley.prot", "1", "parley.channels.prices.durable", "false"))) {
            assertThat(StartupBanner.of(server))
                    .anyMatch(line -> line.contains(server.uri().toString()))
                    .anyMatch(line -> line.contains(server.webSocket("/echo").toString()))
                    .anyMatch(line -> line.endsWith("embedded H2 in " + folder))
                    .anyMatch(line -> line.endsWith("channels of prices, typing"))
                    .anyMatch(line -> line.endsWith("there is no setting parley.prot"));
        }
    }

    @Test
    void connections_beyond_the_limit_are_told_so_until_others_end() throws IOException {
        try (StandaloneServer server = start(Map.of("parley.limits.connections", "2"))) {
            RawSocket first = RawSocket.open(server.port());
            first.handshake("/echo");
            try (RawSocket second = RawSocket.open(server.port())) {
                assertThat(second.handshake("/echo")).startsWith("HTTP/1.1 101");

                assertThat(RawSocket.ask(server.port(), "GET / HTTP/1.1", "Host: localhost"))
                        .startsWith("HTTP/1.1 503")
                        .contains("may have 2 connections (parley.limits.connections)");
                first.close();

                await().until(() -> RawSocket.ask(
                                server.port(), "GET / HTTP/1.1", "Host: localhost", "Connection: close")
                        .startsWith("HTTP/1.1 200"));
            }
        }
    }

    @Test
    void a_connection_that_says_nothing_or_drips_is_ended_by_the_handshake_timeout() throws IOException {
        try (StandaloneServer server = start(Map.of("parley.limits.handshake-timeout", "1s"));
                RawSocket silent = RawSocket.open(server.port());
                RawSocket dripping = RawSocket.open(server.port())) {
            dripping.send("GET / HTTP/1.1\r\nHost: ");

            assertThat(silent.readAll()).isEmpty();
            assertThat(dripping.readAll()).isEmpty();
        }
    }

    @Test
    void an_idle_websocket_outlasts_the_timeouts_of_http() throws Exception {
        try (StandaloneServer server = start(Map.of("parley.limits.handshake-timeout", "1s"))) {
            RecordingWebSocket idle = await().ignoreExceptions() // of a handshake that took too long
                    .until(() -> new RecordingWebSocket(server.webSocket("/echo")), client -> true);
            try (RawSocket silent = RawSocket.open(server.port())) {
                assertThat(silent.readAll()).isEmpty();
            }

            idle.send("still here");
            assertThat(idle.next()).isEqualTo("still here");
        }
    }

    @Test
    void a_proxy_that_is_listed_is_believed_and_nobody_else() throws IOException {
        Map<String, String> oneEach = Map.of(
                "parley.limits.connections-per-address",
                "1",
                "parley.hosts",
                "chat.example",
                "parley.proxies",
                "127.0.0.0/8, ::1");
        String[] client = {
            "Forwarded: for=203.0.113.9;proto=https;host=chat.example", "Origin: https://chat.example",
        };
        try (StandaloneServer server = start(oneEach);
                RawSocket first = RawSocket.open(server.port());
                RawSocket second = RawSocket.open(server.port());
                RawSocket other = RawSocket.open(server.port())) {
            assertThat(first.handshake("/echo", client)).startsWith("HTTP/1.1 101 ");
            assertThat(second.handshake("/echo", client)).startsWith("HTTP/1.1 429 ");
            assertThat(second.readAll()).startsWith("Your address may have 1 connections");
            assertThat(other.handshake("/echo", "Forwarded: for=203.0.113.8")).startsWith("HTTP/1.1 101 ");
        }
        try (StandaloneServer server = start(Map.of());
                RawSocket socket = RawSocket.open(server.port())) {
            assertThat(socket.handshake("/echo", client)).startsWith("HTTP/1.1 403 ");
            assertThat(socket.readAll()).startsWith("Pages of this origin may not use this server");
        }
    }

    private StandaloneServer start(Map<String, String> further) {
        return start(further, CloseTimeouts.DEFAULTS);
    }

    private StandaloneServer start(Map<String, String> further, CloseTimeouts timeouts) {
        Map<String, String> settings = new HashMap<>(Map.of("parley.port", "0", "parley.data", folder.toString()));
        settings.putAll(further);
        return StandaloneServer.start(StandaloneSettings.read(settings, Optional.empty()), timeouts);
    }

    /** The JDK's clients and its common pool keep threads of their own. */
    private static Set<String> threadsBut(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> !name.startsWith("HttpClient-")
                        && !name.startsWith("awaitility")
                        && !name.startsWith("ForkJoinPool.commonPool")
                        && !name.equals("CompletableFutureDelayScheduler"))
                .collect(Collectors.toSet());
    }
}
