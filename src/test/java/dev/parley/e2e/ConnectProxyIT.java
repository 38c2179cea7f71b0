package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.client.ClientOptions;
import dev.parley.client.ClientTimes;
import dev.parley.client.Data;
import dev.parley.client.HttpProxy;
import dev.parley.client.ParleyClient;
import dev.parley.client.StateListener;
import dev.parley.protocol.Start;
import dev.parley.standalone.Main;
import dev.parley.standalone.StandaloneServer;
import dev.parley.testing.ConnectProxy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Java client, and the commands that ask a server, where a proxy with a login is the only way out. */
@Timeout(180)
class ConnectProxyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String USER = "ann";
    private static final String PASSWORD = "p:ss w\u00f6rd";
    private static final List<String> PROPERTIES = List.of(
            "https.proxyHost",
            "https.proxyPort",
            "https.proxyUser",
            "https.proxyPassword",
            "http.proxyHost",
            "http.proxyPort",
            "http.nonProxyHosts");

    @TempDir
    private Path folder;

    private StandaloneServer server;
    private ConnectProxy proxy;
    private final Map<String, String> before = new HashMap<>();
    private final List<String> interrupted = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server = TestServers.start(folder, Map.of());
        proxy = ConnectProxy.start(USER, PASSWORD);
        PROPERTIES.forEach(name -> before.put(name, System.getProperty(name)));
    }

    @AfterEach
    void stop() throws IOException {
        before.forEach((name, value) -> set(name, value));
        Authenticator.setDefault(null);
        proxy.close();
        server.close();
    }

    @Test
    void a_client_goes_through_it_with_its_login() throws Exception {
        converse(options().throughProxy(proxy().withLogin(USER, PASSWORD)));

        assertThat(proxy.passed()).containsExactly("CONNECT 127.0.0.1:" + server.port());
        assertThat(proxy.refused()).isEmpty();
    }

    @Test
    void a_client_that_is_not_let_through_is_told_and_goes_no_other_way() {
        try (ParleyClient client = client(options().throughProxy(proxy().withLogin(USER, "another")))) {
            await().atMost(PATIENCE).until(() -> interrupted.size() > 1);

            assertThat(client.position("room")).isEmpty();
            assertThat(proxy.passed()).isEmpty();
            assertThat(proxy.refused()).contains("CONNECT 127.0.0.1:" + server.port());
        }
    }

    @Test
    void a_client_goes_through_the_proxy_of_javas_properties_with_their_login() throws Exception {
        properties("https");
        set("https.proxyUser", USER);
        set("https.proxyPassword", PASSWORD);

        converse(options());

        assertThat(proxy.passed()).containsExactly("CONNECT 127.0.0.1:" + server.port());
    }

    @Test
    void a_client_asks_javas_authenticator_for_the_login() throws Exception {
        properties("http");
        Authenticator.setDefault(new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return getRequestorType() == RequestorType.PROXY && getRequestingPort() == proxy.port()
                        ? new PasswordAuthentication(USER, PASSWORD.toCharArray())
                        : null;
            }
        });

        converse(options());

        assertThat(proxy.passed()).containsExactly("CONNECT 127.0.0.1:" + server.port());
    }

    @Test
    void a_command_goes_through_it_with_its_login() throws Exception {
        drain("--proxy", address());
        assertThat(proxy.passed()).containsExactly("POST http://127.0.0.1:" + server.port() + "/api/drain");
    }

    @Test
    void a_command_goes_through_the_proxy_of_javas_properties_with_their_login() throws Exception {
        properties("http");
        set("https.proxyUser", USER);
        set("https.proxyPassword", PASSWORD);

        drain();
        assertThat(proxy.passed()).containsExactly("POST http://127.0.0.1:" + server.port() + "/api/drain");
    }

    @Test
    void a_client_and_a_command_go_through_squid() throws Exception {
        try (SquidProcess squid = SquidProcess.start(folder, USER, "secret")) {
            HttpProxy through = new HttpProxy("127.0.0.1", squid.port(), Optional.empty());
            converse(options().throughProxy(through.withLogin(USER, "secret")));
            try (ParleyClient turnedAway = client(options().throughProxy(through.withLogin(USER, "another")))) {
                await().atMost(PATIENCE).until(() -> interrupted.size() > 1);
                assertThat(turnedAway.position("room")).isEmpty();
            }
            String address = "http://" + USER + ":secret@127.0.0.1:" + squid.port();
            drain("--proxy", address);
        }
    }

    /** The answer is the server's own, and shows that the token has come to it too. */
    private void drain(String... proxy) throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "not.a.token");
        List<String> arguments =
                new ArrayList<>(List.of("drain", server.uri().toString(), "--token-file", token.toString()));
        arguments.addAll(List.of(proxy));
        StringWriter said = new StringWriter();

        assertThat(Main.run(new PrintWriter(said), arguments.toArray(String[]::new)))
                .isEqualTo(1);
        assertThat(said.toString()).contains("The server answers 401", "This server takes no tokens.");
    }

    private HttpProxy proxy() {
        return new HttpProxy("127.0.0.1", proxy.port(), Optional.empty());
    }

    private String address() {
        return "http://" + USER + ":p%3Ass%20w%C3%B6rd@127.0.0.1:" + proxy.port();
    }

    private void properties(String scheme) {
        set(scheme + ".proxyHost", "127.0.0.1");
        set(scheme + ".proxyPort", String.valueOf(proxy.port()));
        set("http.nonProxyHosts", "");
    }

    private static void set(String name, String value) {
        if (value == null) {
            System.clearProperty(name);
        } else {
            System.setProperty(name, value);
        }
    }

    private ClientOptions options() {
        URI uri = URI.create("ws://127.0.0.1:" + server.port() + "/channels");
        return ClientOptions.to(uri)
                .withTimes(ClientTimes.DEFAULTS.withPauses(Duration.ofMillis(1), Duration.ofMillis(20)));
    }

    private ParleyClient client(ClientOptions options) {
        return new ParleyClient(options, new StateListener() {
            @Override
            public void interrupted(String reason, Duration pause) {
                interrupted.add(reason);
            }
        });
    }

    private void converse(ClientOptions options) throws Exception {
        List<String> read = new CopyOnWriteArrayList<>();
        try (ParleyClient client = client(options)) {
            client.subscribe(Start.history("room", 10), message -> read.add(Data.text(message)));
            client.publishText("room", "hi").toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            await().atMost(PATIENCE).until(() -> read.contains("hi"));
        }
    }
}
