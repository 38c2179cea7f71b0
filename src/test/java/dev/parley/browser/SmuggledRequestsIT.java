package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.browser.ShippedProxies.Kind;
import dev.parley.standalone.StandaloneServer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A proxy sends many clients' requests over one connection to the server. What stands in the body of one, whatever its method,
 * is never read as the beginning of the next: that would be another client's, and its {@code Authorization} in it.
 */
@Timeout(60)
@Needs({Needs.Program.NGINX, Needs.Program.HAPROXY})
class SmuggledRequestsIT {
    private static final String[] METHODS = {
        "TRACE", "GET", "HEAD", "DELETE", "OPTIONS", "PUT", "POST", "CONNECT", "FOO"
    };
    private static final String MARKER = "a-secret-of-another-client";
    private static final String ASKED = "GET /api/channels/quiet/messages?history=1 HTTP/1.1\r\nHost: localhost\r\n";
    private static final int CLIENTS = 2;
    private static final int REQUESTS = 2;

    private static StandaloneServer server;
    private static ShippedProxies proxies;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = StandaloneServer.start(Map.of(
                "parley.port", "0",
                "parley.data", folder.resolve("data").toString(),
                "parley.proxies", "127.0.0.1",
                "parley.limits.commands-per-second", "100000",
                "parley.limits.burst", "100000"));
        proxies = ShippedProxies.before(folder, server.port(), server.port());
    }

    @AfterAll
    static void stop() {
        proxies.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void no_body_is_read_as_a_request(Kind kind) throws Exception {
        int port = proxies.of(kind).port();
        String channel = "loot." + kind.name().toLowerCase(Locale.ROOT);
        String smuggled = "POST /api/channels/" + channel + "/messages HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/octet-stream\r\nContent-Length: 200\r\n\r\n";
        String chunk = Integer.toHexString(smuggled.length()) + "\r\n" + smuggled + "\r\n0\r\n\r\n";
        for (String path : new String[] {"/", "/api/channels/news/messages"}) {
            for (String method : METHODS) {
                String head = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n";
                attack(port, head + "Content-Length: " + smuggled.length() + "\r\n\r\n" + smuggled);
                attack(port, head + "Transfer-Encoding: chunked\r\n\r\n" + chunk);
            }
        }

        assertThat(ProxyClient.ask(server.port(), "GET /api/channels/" + channel + "/messages?history=10"))
                .startsWith("HTTP/1.1 200 ")
                .contains("\"messages\":[]")
                .doesNotContain(MARKER);
    }

    /** And then others come, over whatever connections to the server the proxy has by then. */
    private static void attack(int port, String request) throws Exception {
        try (ProxyClient attacker = ProxyClient.open(port)) {
            // Only a connection over which all has been well is given to others
            attacker.exchange(ASKED + "\r\n");
            attacker.send(request);
            assertThat(ProxyClient.status(attacker.readHead())).as(request).isBetween(200, 501);
        }
        for (int i = 0; i < CLIENTS; i++) {
            try (ProxyClient other = ProxyClient.open(port)) {
                for (int j = 0; j < REQUESTS; j++) {
                    assertThat(other.exchange(ASKED + "Authorization: Basic " + MARKER + "\r\n\r\n"))
                            .as("another client's answer after " + request)
                            .startsWith("HTTP/1.1 200 ")
                            .contains("\"messages\":[]");
                }
            }
        }
    }
}
