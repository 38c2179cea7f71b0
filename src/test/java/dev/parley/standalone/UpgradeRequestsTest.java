package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an endpoint is told of the address that its client has used. */
@Timeout(60)
class UpgradeRequestsTest {
    private static final BlockingQueue<String> SEEN = new LinkedBlockingQueue<>();

    @TempDir
    private Path folder;

    @ServerEndpoint("/seen/{what}")
    public static class SeeingEndpoint {
        @OnOpen
        public void open(Session session) {
            SEEN.add(session.getRequestURI()
                    + (session.isSecure() ? " secure " : " plain ")
                    + session.getRequestParameterMap().get("q"));
        }
    }

    @Test
    void an_endpoint_sees_the_address_that_its_client_has_used() throws Exception {
        try (StandaloneServer server = start(Map.of())) {
            assertThat(seen(server, "/seen/a%20b?q=1")).isEqualTo("ws://localhost/seen/a%20b?q=1 plain [1]");
            assertThat(seen(server, "/seen/a?q={|}")).isEqualTo("ws://localhost/seen/a?q=%7b%7c%7d plain [{|}]");
            assertThat(seen(server, "/seen/a?q=100%")).isEqualTo("ws://localhost/seen/a?q=100%25 plain [100%]");
            assertThat(seen(server, "/seen/a?q=a\\b&r=%zz%2"))
                    .isEqualTo("ws://localhost/seen/a?q=a%5cb&r=%25zz%252 plain [a\\b]");
            assertThat(seen(server, "/seen/a?q=%")).isEqualTo("ws://localhost/seen/a?q=%25 plain [%]");
            assertThat(seen(server, "/seen/a", "Forwarded: for=203.0.113.9;proto=https;host=chat.example"))
                    .isEqualTo("ws://localhost/seen/a plain null");
        }
    }

    @Test
    void behind_a_proxy_that_is_believed_it_is_still_the_clients() throws Exception {
        try (StandaloneServer server =
                start(Map.of("parley.proxies", "127.0.0.0/8, ::1", "parley.hosts", "chat.example"))) {
            assertThat(seen(server, "/seen/a?q=1", "Forwarded: for=203.0.113.9;proto=https;host=chat.example"))
                    .isEqualTo("wss://chat.example/seen/a?q=1 secure [1]");
            assertThat(seen(server, "/seen/a", "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Host: chat.example:8443"))
                    .isEqualTo("ws://chat.example:8443/seen/a plain null");
        }
    }

    private static String seen(StandaloneServer server, String path, String... headers)
            throws IOException, InterruptedException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            assertThat(socket.handshake(path, headers)).startsWith("HTTP/1.1 101 ");
            return SEEN.poll(20, TimeUnit.SECONDS);
        }
    }

    private StandaloneServer start(Map<String, String> further) {
        Map<String, String> settings = new HashMap<>(further);
        settings.put("parley.port", "0");
        settings.put("parley.data", folder.toString());
        return StandaloneServer.start(StandaloneSettings.read(settings, Optional.empty()), SeeingEndpoint.class);
    }
}
