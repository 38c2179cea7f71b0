package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.browser.ShippedProxies.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What one client is answered, or is not, takes no node from the others behind the proxies of {@code server-config}: with two
 * nodes that answer as they are told to.
 */
@Timeout(60)
@Needs({Needs.Program.NGINX, Needs.Program.HAPROXY})
class ProvokedFailuresIT {
    private static final int[] FAILURES = {500, 501, 502, 503, 504, 429, 413, 431, 403};
    private static final int NOTHING = 0;
    private static final int TIMES = 6;

    private static Node one;
    private static Node two;
    private static ShippedProxies proxies;

    /** A server that answers with the status that the path ends in, or closes the connection without an answer. */
    private static final class Node implements AutoCloseable {
        private final HttpServer server;
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final AtomicInteger publishes = new AtomicInteger();
        private final String name;
        private volatile boolean draining;

        Node(String name) throws IOException {
            this.name = name;
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", this::answer);
            server.start();
        }

        int port() {
            return server.getAddress().getPort();
        }

        private void answer(HttpExchange exchange) throws IOException {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                if (exchange.getRequestMethod().equals("POST")) {
                    publishes.incrementAndGet();
                }
                String path = exchange.getRequestURI().getPath();
                int status = path.equals("/health/ready") ? 200 : Integer.parseInt(path.substring(1));
                if (draining && exchange.getRequestHeaders().containsKey("Upgrade")) {
                    status = 503;
                }
                if (status != NOTHING) {
                    exchange.getResponseHeaders().set("Node", name);
                    exchange.sendResponseHeaders(status, -1);
                }
            }
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        one = new Node("one");
        two = new Node("two");
        proxies = ShippedProxies.before(folder, one.port(), two.port());
    }

    @AfterAll
    static void stop() {
        proxies.close();
        one.close();
        two.close();
    }

    @ParameterizedTest
    @EnumSource
    void both_nodes_go_on_answering_the_others(Kind kind) throws Exception {
        int port = proxies.of(kind).port();
        for (int failure : FAILURES) {
            for (int i = 0; i < TIMES; i++) {
                assertThat(ProxyClient.status(ProxyClient.ask(port, "GET /" + failure)))
                        .isEqualTo(failure);
                assertThat(ProxyClient.status(ProxyClient.ask(port, "POST /" + failure, "Content-Length: 0")))
                        .isEqualTo(failure);
            }
            assertBothAnswer(port, failure);
        }
        for (int i = 0; i < TIMES; i++) {
            assertThat(ProxyClient.status(ProxyClient.ask(port, "GET /" + NOTHING)))
                    .isEqualTo(502);
        }
        assertBothAnswer(port, NOTHING);
    }

    private static void assertBothAnswer(int port, int failure) throws IOException {
        Set<String> nodes = new HashSet<>();
        for (int i = 0; i < TIMES; i++) {
            String answer = ProxyClient.ask(port, "GET /200");
            assertThat(answer).as("after " + failure).startsWith("HTTP/1.1 200 ");
            nodes.add(answer.contains("\r\nNode: one\r\n") || answer.contains("\r\nnode: one\r\n") ? "one" : "two");
        }
        assertThat(nodes).as("who answers after " + failure).containsExactlyInAnyOrder("one", "two");
    }

    @ParameterizedTest
    @EnumSource
    void what_is_published_is_sent_once(Kind kind) throws Exception {
        int port = proxies.of(kind).port();
        for (int failure : new int[] {503, NOTHING}) {
            int before = one.publishes.get() + two.publishes.get();

            ProxyClient.ask(port, "POST /" + failure, "Content-Length: 0");

            assertThat(one.publishes.get() + two.publishes.get() - before)
                    .as("%s", failure)
                    .isEqualTo(1);
        }
    }

    /** haproxy knows by its checks that a node drains, some time before the node lets nobody in ({@code parley.drain.lead}). */
    @ParameterizedTest
    @EnumSource(names = "NGINX")
    void a_handshake_that_a_draining_node_refuses_goes_to_the_other(Kind kind) throws Exception {
        one.draining = true;
        try {
            for (int i = 0; i < TIMES; i++) {
                try (ProxyClient client = ProxyClient.open(proxies.of(kind).port())) {
                    assertThat(client.handshake("/200")).isEqualTo(200);
                }
            }
        } finally {
            one.draining = false;
        }
    }
}
