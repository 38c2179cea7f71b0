package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.browser.ShippedProxies.Kind;
import dev.parley.standalone.StandaloneServer;
import dev.parley.testing.TestTokens;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is the operators' is shut behind the proxies of {@code server-config}, in whatever spelling it is asked for. */
@Timeout(60)
@Needs({Needs.Program.NGINX, Needs.Program.HAPROXY})
class ShutDoorsIT {
    private static final String SECRET = "a secret of at least thirty-two bytes";

    /** By their own paths, for whom no proxy is in between. */
    private static final String[] DOORS = {"/api/drain", "/health/ready"};

    private static final String[] SPELLINGS = {
        "/api/drain",
        "/api/drain/",
        "/api/drain?x",
        "/api/drain;x",
        "/api/drain;x=1;y",
        "/api/drain;",
        "/api/drain/;x",
        "/api/drain%3Bx",
        "/api/drain%3bx",
        "/api;x/drain",
        "/api;/drain",
        "/api%3Bx/drain",
        "/;x/api/drain",
        "/;/api/drain",
        "/api/%64rain",
        "/%61pi/drain",
        "/%61%70%69/%64%72%61%69%6e",
        "/api/%64rain;x",
        "/%61pi;x/drain",
        "/api/%2564rain",
        "//api/drain",
        "///api/drain",
        "/api//drain",
        "/./api/drain",
        "/api/./drain",
        "/api/%2e/drain",
        "/api/x/../drain",
        "/api/x/%2e%2e/drain",
        "/x/../api/drain",
        "/api/;x/../drain",
        "/api/..;x/api/drain",
        "/api/%2fdrain",
        "/api%2fdrain",
        "/api%2Fdrain",
        "/api%5cdrain",
        "/api\\drain",
        "/api/drain%20",
        "/api/drain%00",
        "/api/drain%0a",
        "/api/drain%0d%0a",
        "/api/drain#x",
        "/api/drain%23",
        "/api/drain%3f",
        "/API/drain",
        "/api/DRAIN",
        "http://localhost/api/drain",
        "http://localhost/api/drain;x",
        "http://localhost//api/drain",
        "/api/users/ann/connections",
        "/api/users;x/ann/connections",
        "/api/users/ann/connections;x",
        "/api/%75sers/ann/connections",
        "/api//users/ann/connections",
        "/api/users",
        "/health",
        "/health/ready",
        "/health/live",
        "/health;x/ready",
        "/health/ready;x",
        "/%68ealth/ready",
        "//health/ready",
        "/health//ready",
        "/metrics",
        "/metrics;x",
        "/metrics/",
        "/%6detrics",
        "//metrics",
    };

    private static StandaloneServer server;
    private static ShippedProxies proxies;
    private static String operator;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = StandaloneServer.start(Map.of(
                "parley.port",
                "0",
                "parley.data",
                folder.resolve("data").toString(),
                "parley.proxies",
                "127.0.0.1",
                "parley.auth.secret",
                SECRET));
        proxies = ShippedProxies.before(folder, server.port(), server.port());
        operator = "Authorization: Bearer "
                + new TestTokens()
                        .signed(SECRET, TestTokens.claims("olga", "operator").build());
    }

    @AfterAll
    static void stop() {
        proxies.close();
        server.close();
    }

    @Test
    void they_are_open_where_no_proxy_is_in_between() throws Exception {
        for (String door : DOORS) {
            assertThat(ProxyClient.ask(server.port(), "GET " + door, operator))
                    .as(door)
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void the_server_itself_takes_no_other_spelling() throws Exception {
        for (String spelling : SPELLINGS) {
            boolean hasDouble = spelling.startsWith("/") && spelling.contains("//");
            if (hasDouble || spelling.contains(";") || spelling.contains("%3")) {
                assertThat(ProxyClient.status(ProxyClient.ask(server.port(), "GET " + spelling, operator)))
                        .as(spelling)
                        .isIn(400, 404);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void no_spelling_leads_in(Kind kind) throws Exception {
        for (String method : new String[] {"GET", "HEAD"}) {
            for (String spelling : SPELLINGS) {
                String answer = ProxyClient.ask(proxies.of(kind).port(), method + " " + spelling, operator);

                assertThat(ProxyClient.status(answer))
                        .as(method + " " + spelling)
                        .isIn(400, 404);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void channels_may_be_called_as_they_like(Kind kind) throws Exception {
        for (String path : new String[] {
            "/api/channels/drain/messages?history=1",
            "/api/channels/users/messages?history=1",
            "/api/channels/a%2Eb/messages?history=1",
            "/api/messages?channel=health",
            "/",
        }) {
            assertThat(ProxyClient.ask(proxies.of(kind).port(), "GET " + path, operator))
                    .as(path)
                    .startsWith("HTTP/1.1 200 ");
        }
    }
}
