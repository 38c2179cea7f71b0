package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.connection.Connections;
import dev.parley.security.SharedBudget;
import dev.parley.standalone.RawSocket;
import dev.parley.standalone.StandaloneServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One client takes all it can get, within every limit of its own; another one is served as before. */
@Timeout(120)
class SharesIT {
    private static final int MEGABYTE = 1024 * 1024;
    private static final int PLACES = 40;
    private static final String[] HOSTILE = {"X-Forwarded-For", "192.0.2.66"};
    private static final String[] HONEST = {"X-Forwarded-For", "192.0.2.7"};

    @TempDir
    private static Path folder;

    private static StandaloneServer server;

    private final HttpApiClient hostile = HttpApiClient.of(server, HOSTILE);
    private final HttpApiClient honest = HttpApiClient.of(server, HONEST);

    @BeforeAll
    static void start() {
        server = TestServers.start(
                folder,
                Map.of(
                        "parley.proxies", "127.0.0.1",
                        "parley.limits.connections", Integer.toString(PLACES),
                        "parley.limits.unfinished-size", "16MB"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static RawWebSocketClient open(String... header) throws IOException {
        RawWebSocketClient client = RawWebSocketClient.open(server.uri());
        assertThat(client.handshake("/channels", header[0] + ": " + header[1])).startsWith("HTTP/1.1 101 ");
        return client;
    }

    private static byte[] publish(String channel, int size) {
        String command =
                "{\"id\":1,\"publish\":{\"channel\":\"" + channel + "\",\"data\":\"" + "x".repeat(size) + "\"}}";
        return RawWebSocketClient.frame(RawWebSocketClient.TEXT, command.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void messages_that_do_not_come_to_their_end_cost_only_who_sends_them() throws Exception {
        List<RawWebSocketClient> unfinished = new ArrayList<>();
        try {
            byte[] large = publish("shares.a", 5 * MEGABYTE - 1_000);
            for (int i = 0; i < 12; i++) {
                unfinished.add(open(HOSTILE));
                sendAllButItsEnd(unfinished.get(i), large);
            }
            await().until(() -> server.bean(SharedBudget.class).taken() > 12 * MEGABYTE);

            byte[] two = publish("shares.b", 3 * MEGABYTE);
            try (RawWebSocketClient other = open(HONEST)) {
                other.write(Arrays.copyOf(two, two.length - 1));
                other.write(Arrays.copyOfRange(two, two.length - 1, two.length));
                assertThat(other.next().orElseThrow().text()).contains("\"published\"");
            }
            assertThat(publishInTwoPieces("shares.b", 3 * MEGABYTE)).startsWith("HTTP/1.1 201 ");
        } finally {
            for (RawWebSocketClient client : unfinished) {
                client.close();
            }
        }
        await().until(() -> server.bean(SharedBudget.class).taken() == 0);
    }

    private static void sendAllButItsEnd(RawWebSocketClient client, byte[] message) {
        try {
            client.write(Arrays.copyOf(message, message.length - 1));
        } catch (IOException e) {
            // The server has ended it
        }
    }

    private static String publishInTwoPieces(String channel, int size) throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            socket.send(head(channel, size, HONEST));
            socket.send(new byte[size - 1]);
            socket.send(new byte[1]);
            return socket.readHeader();
        }
    }

    @Test
    void bodies_that_do_not_come_to_their_end_cost_only_who_sends_them() throws Exception {
        int large = 5 * MEGABYTE;
        List<RawSocket> unfinished = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                RawSocket socket = RawSocket.open(server.port());
                unfinished.add(socket);
                socket.send(head("shares.f", large, HOSTILE)).send(new byte[large - 1]);
            }
            await().until(() -> server.bean(SharedBudget.class).taken() > 14 * MEGABYTE);

            assertThat(publishInTwoPieces("shares.f", 3 * MEGABYTE)).startsWith("HTTP/1.1 201 ");
            List<String> statuses = new ArrayList<>();
            for (RawSocket socket : unfinished) {
                statuses.add(socket.send(new byte[1]).readHeader().substring(0, "HTTP/1.1 201".length()));
            }
            assertThat(statuses).containsExactlyInAnyOrder("HTTP/1.1 503", "HTTP/1.1 201", "HTTP/1.1 201");
        } finally {
            for (RawSocket socket : unfinished) {
                socket.close();
            }
        }
        await().until(() -> server.bean(SharedBudget.class).taken() == 0);
    }

    private static String head(String channel, int size, String... header) {
        return "POST /api/channels/" + channel + "/messages HTTP/1.1\r\nHost: localhost\r\n" + String.join(": ", header)
                + "\r\nContent-Type: image/png\r\nContent-Length: " + size + "\r\n\r\n";
    }

    @Test
    void a_message_that_stops_midway_is_ended_by_the_time_limit(@TempDir Path own) throws Exception {
        try (StandaloneServer impatient = TestServers.start(own, Map.of("parley.limits.body-timeout", "1s"));
                RawWebSocketClient client = RawWebSocketClient.open(impatient.uri())) {
            client.handshake("/channels");
            sendAllButItsEnd(client, publish("shares.a", MEGABYTE));

            assertThat(client.nextClose().orElseThrow().reason()).isEqualTo("slow; reconnect");
        }
    }

    @Test
    void names_that_a_client_makes_up_hold_no_places() throws Exception {
        int before = server.bean(Connections.class).leases().size();
        for (int i = 0; i < 2 * PLACES; i++) {
            String name = String.format(Locale.ROOT, "%032d", i);
            assertThat(hostile.get("messages?channel=shares.c", "Parley-Connection", name)
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(server.bean(Connections.class).leases().size()).isLessThanOrEqualTo(before);
        assertThat(honest.connectedAs().get("messages?channel=shares.c").statusCode())
                .isEqualTo(200);
    }

    @Test
    void names_that_a_client_was_given_hold_the_places_of_nobody_else() throws Exception {
        HttpApiClient own = honest.connectedAs();
        for (int i = 0; i < 2 * PLACES; i++) {
            hostile.connectedAs().get("messages?channel=shares.d");
        }

        assertThat(own.get("messages?channel=shares.d").statusCode()).isEqualTo(200);
        assertThat(honest.connectedAs().get("messages?channel=shares.d").statusCode())
                .isEqualTo(200);
    }

    @Test
    void names_that_a_client_makes_up_have_no_rates_of_their_own(@TempDir Path own) throws Exception {
        Map<String, String> settings = Map.of(
                "parley.proxies", "127.0.0.1",
                "parley.limits.commands-per-second", "1",
                "parley.limits.burst", "20",
                "parley.limits.subscriptions", "8");
        try (StandaloneServer strict = TestServers.start(own, settings)) {
            HttpApiClient many = HttpApiClient.of(strict, HOSTILE);
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                String name = String.format(Locale.ROOT, "%032d", i);
                statuses.add(many.get("messages?channel=a", "Parley-Connection", name)
                        .statusCode());
            }

            assertThat(statuses.subList(0, 20)).containsOnly(200);
            assertThat(statuses).contains(429);
            assertThat(HttpApiClient.of(strict, HONEST)
                            .get("messages?channel=a")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void content_that_is_not_read_is_refused_to_nobody() throws Exception {
        HttpResponse<String> published = honest.post("shares.e", "video/mp4", new byte[5 * MEGABYTE]);
        String path = "channels/shares.e/" + HttpApiClient.header(published, "Location");
        List<EventStream> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 26; i++) {
                EventStream client = EventStream.connect(server.uri());
                silent.add(client);
                client.ask(server.uri(), "GET /api/" + path + " HTTP/1.1", HOSTILE);
                assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            }

            HttpResponse<String> part = honest.get(path, "Range", "bytes=0-9");
            assertThat(part.statusCode()).isEqualTo(206);
            assertThat(part.body()).hasSize(10);
            assertThat(honest.get(path).body()).hasSize(5 * MEGABYTE);
            assertThat(server.bean(SharedBudget.class).taken())
                    .as("a piece each")
                    .isLessThanOrEqualTo(26 * 64 * 1024);
        } finally {
            for (EventStream client : silent) {
                client.close();
            }
        }
        await().until(() -> server.bean(SharedBudget.class).taken() == 0);
    }
}
