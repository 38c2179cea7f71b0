package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.TestTokens;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A deployment's script drains the server before it stops it: all come back, spread over the time, and miss nothing. */
@Tag("scaled")
@Timeout(600)
class DrainIT {
    private static final String SECRET = "a secret of at least thirty-two bytes";
    private static final String CHANNEL = "desk.london";
    private static final Map<String, String> SETTINGS = settings();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final TestTokens tokens = new TestTokens();
    private final String operator = token("olga", "operator");

    @TempDir
    private Path folder;

    @Test
    void a_drained_restart_loses_nothing_and_brings_nobody_back_at_once() throws Exception {
        Path data = folder.resolve("data");
        try (ServerProcess first = ServerProcess.start(data, SETTINGS);
                DrainedRestart restart = new DrainedRestart("standalone", first.uri(), operator)) {
            restart.drain();
            assertThat(first.terminate()).isEqualTo(143);
            try (ServerProcess second = ServerProcess.start(data, SETTINGS)) {
                restart.assertNothingLost(second.uri());
            }
        }
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(DrainedRestart.SETTINGS);
        settings.put("parley.auth.secret", SECRET);
        return settings;
    }

    @Test
    void only_operators_may() throws Exception {
        try (ServerProcess server = ServerProcess.start(folder.resolve("data"), SETTINGS)) {
            URI drain = server.uri().resolve("/api/drain");

            assertThat(HttpApiClient.problem(send("POST", drain, ""))).isEqualTo("401 bad-credentials");
            assertThat(HttpApiClient.problem(send("GET", drain, ""))).isEqualTo("401 bad-credentials");
            assertThat(HttpApiClient.problem(send("POST", drain, token("ann")))).isEqualTo("403 not-allowed");
            assertThat(HttpApiClient.problem(send("GET", drain, token("ann")))).isEqualTo("403 not-allowed");

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
            assertThat(client.awaitClosing()).isEqualTo(new TestClient.Closing(1012, "restart; reconnect"));
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
}
