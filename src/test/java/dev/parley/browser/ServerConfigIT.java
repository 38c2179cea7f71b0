package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.e2e.TestClient;
import dev.parley.standalone.StandaloneServer;
import dev.parley.testing.ChaosProxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The files that {@code server-config} has for nginx and haproxy, as they are but for the addresses. */
@Timeout(120)
class ServerConfigIT {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final int LARGE = 4_900_000;
    private static final int TOO_LARGE = 7_000_000;
    private static final int TIMES = 20;

    @TempDir
    private Path folder;

    private StandaloneServer server;

    /** The second way to the one server: what nodes share is tried elsewhere. */
    private ChaosProxy second;

    @BeforeEach
    void start() {
        server = StandaloneServer.start(Map.of(
                "parley.port", "0",
                "parley.data", folder.resolve("data").toString(),
                "parley.proxies", "127.0.0.1"));
        second = ChaosProxy.to(server.uri());
    }

    @AfterEach
    void stop() {
        second.close();
        server.close();
    }

    @Test
    @Needs(Needs.Program.NGINX)
    void nginx_passes_on_what_clients_need_and_nothing_of_the_operators() throws Exception {
        try (ProxyProcess proxy = ProxyProcess.nginxWith(folder, ShippedProxies.nginx(server.port(), secondPort()))) {
            converses(proxy.through(server.uri()));
            refusesWhatIsTooLarge(proxy.through(server.uri()));
        }
    }

    @Test
    @Needs(Needs.Program.HAPROXY)
    void haproxy_does_so_too() throws Exception {
        try (ProxyProcess proxy =
                ProxyProcess.haproxyWith(folder, ShippedProxies.haproxy(server.port(), secondPort()))) {
            converses(proxy.through(server.uri()));
            refusesWhatIsTooLarge(proxy.through(server.uri()));
        }
    }

    private int secondPort() {
        return second.through(server.uri()).getPort();
    }

    /** By WebSocket, publishing, polling and a stream, twice, since there are two ways to go; and with one of them cut. */
    private void converses(URI proxy) throws Exception {
        for (int i = 0; i < 2; i++) {
            try (TestClient client = TestClient.open(proxy)) {
                client.subscribe("news");
                String position =
                        publish(proxy, "application/json", "{\"n\":" + i + "}").body();
                assertThat(position).contains("\"position\":\"");
                assertThat(client.awaitPushes(1).get(0).getJsonObject("data").getInt("n"))
                        .isEqualTo(i);
            }
        }
        assertThat(get(proxy, "api/channels/news/messages?history=10").body()).contains("{\"n\":0}", "{\"n\":1}");
        HttpResponse<java.io.InputStream> stream = HTTP.send(
                HttpRequest.newBuilder(proxy.resolve("/api/events?channel=news&history=10"))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        try (var lines = new java.io.BufferedReader(
                new java.io.InputStreamReader(stream.body(), java.nio.charset.StandardCharsets.UTF_8))) {
            assertThat(lines.lines().filter(line -> line.contains("\"n\":1")).findFirst())
                    .isPresent();
        }
        assertThat(publish(proxy, "application/octet-stream", "x".repeat(LARGE)).statusCode())
                .isEqualTo(201);
        for (String path : new String[] {"health/ready", "api/drain", "api/users/ann/connections"}) {
            assertThat(get(server.uri(), path).statusCode())
                    .as("%s of the server", path)
                    .isNotEqualTo(404);
        }
        for (String path : new String[] {"health/ready", "metrics", "api/drain", "api/users/ann/connections"}) {
            assertThat(get(proxy, path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(second.count(ChaosProxy.Deed.CONNECTED))
                .as("both ways are gone")
                .isPositive();
        second.close();
        for (int i = 0; i < 4; i++) {
            assertThat(get(proxy, "api/channels/news/messages?history=1").statusCode())
                    .isEqualTo(200);
        }
    }

    /** Again and again, since it goes wrong only when the answer and the rest of the body meet. */
    private static void refusesWhatIsTooLarge(URI proxy) throws Exception {
        for (int i = 0; i < TIMES; i++) {
            assertThat(publish(proxy, "application/octet-stream", "x".repeat(TOO_LARGE))
                            .statusCode())
                    .isEqualTo(413);
        }
    }

    private static HttpResponse<String> publish(URI proxy, String type, String body) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(proxy.resolve("/api/channels/news/messages"))
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(URI proxy, String path) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(proxy.resolve("/" + path)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
