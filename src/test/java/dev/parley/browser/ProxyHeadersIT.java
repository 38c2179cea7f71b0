package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.browser.ShippedProxies.Kind;
import dev.parley.e2e.HttpApiClient;
import dev.parley.standalone.StandaloneServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Behind the proxies of {@code server-config} a client is who it is, whatever it says of itself. */
@Timeout(60)
@Needs({Needs.Program.NGINX, Needs.Program.HAPROXY})
class ProxyHeadersIT {
    private static final String[] FORGED = {
        "Forwarded: for=198.51.100.1",
        "forwarded: for=198.51.100.2;proto=https",
        "Forwarded: for=\"[2001:db8::1]\"",
        "Forwarded: for=127.0.0.1",
        "Forwarded: for=unknown",
        "Forwarded: for=",
        "X-Forwarded-For: 198.51.100.3",
        "X-Forwarded-For: 127.0.0.1",
        "X-Forwarded-For: 198.51.100.4\r\nForwarded: for=198.51.100.4",
        "X-Forwarded-For: 198.51.100.5\r\nX-Forwarded-For: 198.51.100.6",
        "X_Forwarded_For: 198.51.100.7",
        "X-Real-IP: 198.51.100.8",
        "Connection: Upgrade, X-Forwarded-For",
        "Connection: Upgrade, Forwarded",
    };

    private static StandaloneServer server;
    private static ShippedProxies proxies;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = StandaloneServer.start(Map.of(
                "parley.port", "0",
                "parley.data", folder.resolve("data").toString(),
                "parley.proxies", "127.0.0.1",
                "parley.limits.connections-per-address", "2"));
        proxies = ShippedProxies.before(folder, server.port(), server.port());
    }

    @AfterAll
    static void stop() {
        proxies.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void each_is_counted_by_its_own_address(Kind kind) throws Exception {
        int port = proxies.of(kind).port();
        int address = kind == Kind.NGINX ? 3 : 4; // so that no place is one of the other's
        try (ProxyClient one = ProxyClient.openFrom(address, port);
                ProxyClient two = ProxyClient.openFrom(address, port)) {
            assertThat(one.handshake("/channels")).isEqualTo(101);
            assertThat(two.handshake("/channels")).isEqualTo(101);
            for (String forged : FORGED) {
                try (ProxyClient third = ProxyClient.openFrom(address, port)) {
                    assertThat(third.handshake("/channels", forged.split("\r\n")))
                            .as(forged)
                            .isEqualTo(429);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_foreign_page_stays_foreign(Kind kind) throws Exception {
        int port = proxies.of(kind).port();
        String path = "GET /api/channels/news/messages?history=1";
        String foreign = "Origin: https://evil.example";

        assertThat(ProxyClient.status(ProxyClient.ask(port, path, "Origin: http://localhost:" + port)))
                .isEqualTo(200);
        for (String forged : new String[] {
            "X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https",
            "Forwarded: for=127.0.0.2;host=evil.example;proto=https",
            "Forwarded: host=evil.example;proto=https",
        }) {
            assertThat(ProxyClient.status(ProxyClient.ask(port, path, foreign, forged)))
                    .as(forged)
                    .isEqualTo(403);
        }
    }

    @ParameterizedTest
    @EnumSource
    void no_other_protocol_is_passed_on(Kind kind) throws Exception {
        try (ProxyClient client = ProxyClient.open(proxies.of(kind).port())) {
            client.send(String.join(
                    "\r\n",
                    "GET /api/connection HTTP/1.1",
                    "Host: localhost",
                    "Connection: Upgrade, HTTP2-Settings",
                    "Upgrade: h2c",
                    "HTTP2-Settings: AAMAAABkAAQAAP__",
                    "",
                    ""));

            assertThat(ProxyClient.status(client.readHead())).isEqualTo(200);
        }
    }

    /** As a proxy of another file says who lets the client's own through. */
    @Test
    void what_contradicts_itself_is_refused() throws Exception {
        HttpApiClient proxy =
                HttpApiClient.of(server, "Forwarded", "for=198.51.100.1", "X-Forwarded-For", "203.0.113.9");

        HttpResponse<String> answer = proxy.get("connection");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("differs between the two");
    }
}
