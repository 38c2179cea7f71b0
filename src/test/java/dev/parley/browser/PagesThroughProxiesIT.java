package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.browser.ShippedProxies.Kind;
import dev.parley.standalone.StandaloneServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A page and all that it loads comes through proxies, those of {@code server-config} and others. */
@Timeout(60)
@Needs({Needs.Program.NGINX, Needs.Program.HAPROXY})
class PagesThroughProxiesIT {
    private static final String[] FILES = {"/", "/index.html", "/client/parley.js"};
    private static final String PUBLIC = "Origin: https://chat.example";

    private static StandaloneServer server;
    private static ShippedProxies proxies;

    @TempDir
    Path folder;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = StandaloneServer.start(Map.of(
                "parley.port", "0",
                "parley.data", folder.resolve("data").toString(),
                "parley.proxies", "127.0.0.1"));
        proxies = ShippedProxies.before(folder, server.port(), server.port());
    }

    @AfterAll
    static void stop() {
        proxies.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_page_is_whole(Kind kind) throws Exception {
        int port = proxies.of(kind).port();
        String own = "Origin: http://localhost:" + port;
        for (String file : FILES) {
            assertThat(ProxyClient.ask(port, "GET " + file, own)).as(file).startsWith("HTTP/1.1 200 ");
        }
        try (ProxyClient client = ProxyClient.open(port)) {
            assertThat(client.handshake("/channels", own)).isEqualTo(101);
        }
    }

    @Test
    void a_proxy_that_sends_another_host_keeps_no_page_from_its_files() throws Exception {
        try (ProxyProcess nginx = nginx("proxy_set_header Host localhost;")) {
            for (String file : FILES) {
                assertThat(ProxyClient.ask(nginx.port(), "GET " + file, PUBLIC))
                        .as(file)
                        .startsWith("HTTP/1.1 200 ")
                        .doesNotContainIgnoringCase("access-control-");
            }
            assertThat(ProxyClient.ask(nginx.port(), "GET /api/connection", PUBLIC))
                    .startsWith("HTTP/1.1 403 ");
            assertThat(ProxyClient.ask(nginx.port(), "POST /index.html", PUBLIC, "Content-Length: 0"))
                    .startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void a_proxy_that_tells_the_scheme_alone_is_heeded() throws Exception {
        try (ProxyProcess nginx = nginx("proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto https;"
                + "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade;"
                + "proxy_set_header Connection $http_connection;")) {
            String own = "Origin: https://localhost:" + nginx.port();

            assertThat(ProxyClient.ask(nginx.port(), "GET /api/connection", own))
                    .startsWith("HTTP/1.1 200 ");
            try (ProxyClient client = ProxyClient.open(nginx.port())) {
                assertThat(client.handshake("/channels", own)).isEqualTo(101);
            }
        }
    }

    private ProxyProcess nginx(String location) throws Exception {
        return ProxyProcess.nginxWith(folder, """
                server {
                  listen 127.0.0.1:%%2$d;
                  location / {
                    proxy_pass http://127.0.0.1:%s;
                    %s
                  }
                }
                """.formatted(server.port(), location));
    }
}
