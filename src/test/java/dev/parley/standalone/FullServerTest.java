package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.testing.TestTokens;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** A server that has as many connections as it may is well: its operator and whoever watches it are answered. */
@Timeout(60)
class FullServerTest {
    private static final String SECRET = "a secret of at least thirty-two bytes";
    private static final int MOST = 5;

    private final TestTokens tokens = new TestTokens();
    private final List<RawSocket> clients = new ArrayList<>();

    @TempDir
    private Path folder;

    @Test
    void it_answers_health_checks_and_operators_and_nobody_else() throws Exception {
        try (StandaloneServer server = start(Map.of())) {
            fill(server);
            int port = server.management().getPort();

            assertThat(ask(server.port(), "GET /health/ready")).startsWith("HTTP/1.1 503 ");
            assertThat(ask(port, "GET /health/live")).startsWith("HTTP/1.1 200 ");
            assertThat(ask(port, "GET /health/ready"))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("\"status\":\"UP\"");
            assertThat(ask(port, "GET /api/drain")).startsWith("HTTP/1.1 401 ");
            assertThat(ask(port, "DELETE /api/users/bob/connections")).startsWith("HTTP/1.1 401 ");
            assertThat(ask(port, "GET /api/drain", bearing("ann"))).startsWith("HTTP/1.1 403 ");
            assertThat(ask(port, "GET /api/drain", bearing("olga", "operator")))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("\"stage\":\"serving\"");
            assertThat(ask(port, "DELETE /api/users/bob/connections", bearing("olga", "operator")))
                    .startsWith("HTTP/1.1 204 ");
        } finally {
            leave();
        }
    }

    @Test
    void it_is_drained_by_the_command_line() throws Exception {
        Path token = folder.resolve("token");
        Files.writeString(token, token("olga", "operator"));
        try (StandaloneServer server = start(Map.of("parley.drain.spread", "0s", "parley.drain.wait", "0s"))) {
            fill(server);

            int status = new CommandLine(new DrainCommand())
                    .execute(server.management().toString(), "--token-file", token.toString());

            assertThat(status).isZero();
            assertThat(ask(server.management().getPort(), "GET /health/ready")).startsWith("HTTP/1.1 503 ");
        } finally {
            leave();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/index.html",
                "/api/connection",
                "/api/messages?channel=a",
                "/api/channels/a/messages",
                "/api/events?channel=a",
                "/api/drainage",
                "/healthy",
                "/echo"
            })
    void that_port_has_nothing_for_clients(String path) throws Exception {
        try (StandaloneServer server = start(Map.of())) {
            int port = server.management().getPort();

            assertThat(ask(port, "GET " + path)).startsWith("HTTP/1.1 404 ");
            try (RawSocket socket = RawSocket.open(port)) {
                assertThat(socket.handshake(path)).startsWith("HTTP/1.1 404 ");
            }
        }
    }

    @Test
    void its_connections_take_no_place_of_clients_and_have_their_own_bound() throws Exception {
        try (StandaloneServer server = start(Map.of("parley.management.reserve", "2"))) {
            int port = server.management().getPort();
            try (RawSocket one = RawSocket.open(port);
                    RawSocket two = RawSocket.open(port)) {
                for (RawSocket held : List.of(one, two)) {
                    held.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
                    assertThat(held.readHeader()).startsWith("HTTP/1.1 200 ");
                }

                assertThat(ask(port, "GET /health/live"))
                        .startsWith("HTTP/1.1 503 ")
                        .contains("may have 2 connections (parley.management.reserve)");
                fill(server);
            }
        } finally {
            leave();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Host: evil.example, 403",
        "Host: localhost, 200",
        "Host: 127.0.0.1, 200",
    })
    void on_loopback_it_answers_to_loopback_names(String host, int status) throws Exception {
        try (StandaloneServer server = start(Map.of())) {
            assertThat(RawSocket.ask(
                            server.management().getPort(), "GET /health/live HTTP/1.1", host, "Connection: close"))
                    .startsWith("HTTP/1.1 " + status + " ");
        }
    }

    @Test
    void no_page_of_another_origin_asks_there() throws Exception {
        try (StandaloneServer server = start(Map.of("parley.origins", "*"))) {
            for (String origin :
                    List.of("https://chat.example", "null", server.uri().toString())) {
                assertThat(ask(server.management().getPort(), "POST /api/drain", "Origin: " + origin))
                        .startsWith("HTTP/1.1 403 ")
                        .doesNotContain("Access-Control");
            }
        }
    }

    @Test
    void where_its_port_is_taken_the_server_does_not_start_and_says_which_setting_names_it() throws Exception {
        try (StandaloneServer first = start(Map.of())) {
            int taken = first.management().getPort();

            assertThatThrownBy(() -> start(Map.of(
                            "parley.management.port",
                            Integer.toString(taken),
                            "parley.data",
                            folder.resolve("second").toString())))
                    .isInstanceOf(StartException.class)
                    .hasMessageStartingWith("Cannot listen on 127.0.0.1 port " + taken + ": Address already in use. ")
                    .hasMessageContaining("parley.management.port names another");
        }
    }

    @Test
    void it_is_closed_with_the_server() {
        URI management;
        try (StandaloneServer server = start(Map.of())) {
            management = server.management();
        }
        assertThatThrownBy(() -> RawSocket.open(management.getPort())).isInstanceOf(ConnectException.class);
    }

    private void fill(StandaloneServer server) throws IOException {
        for (int i = 0; i < MOST; i++) {
            RawSocket client = RawSocket.open(server.port());
            clients.add(client);
            assertThat(client.handshake("/echo")).startsWith("HTTP/1.1 101 ");
        }
    }

    private void leave() throws IOException {
        for (RawSocket client : clients) {
            client.close();
        }
    }

    private static String ask(int port, String request, String... headers) throws IOException {
        List<String> lines = new ArrayList<>(List.of(request + " HTTP/1.1", "Host: localhost", "Connection: close"));
        lines.addAll(List.of(headers));
        return RawSocket.ask(port, lines.toArray(String[]::new));
    }

    private String bearing(String user, String... roles) {
        return "Authorization: Bearer " + token(user, roles);
    }

    private String token(String user, String... roles) {
        return tokens.signed(SECRET, TestTokens.claims(user, roles).build());
    }

    private StandaloneServer start(Map<String, String> further) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "parley.port",
                "0",
                "parley.data",
                folder.resolve("data").toString(),
                "parley.auth.secret",
                SECRET,
                "parley.limits.connections",
                Integer.toString(MOST)));
        settings.putAll(further);
        return StandaloneServer.start(settings);
    }
}
