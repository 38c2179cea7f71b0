package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.connection.Pings;
import dev.parley.standalone.StandaloneServer;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that disappears without a word is found; one that is only quiet is not taken for it. */
@Timeout(120)
class SilentClientsIT {
    @TempDir
    private static Path folder;

    private static StandaloneServer server;

    /** Who answers has longer for it than a busy machine may pause. */
    @BeforeAll
    static void start() {
        server = TestServers.start(
                folder,
                Map.of(
                        "parley.ping.interval", "500ms",
                        "parley.ping.timeout", "5s",
                        "parley.channels.there.presence", "true"),
                Duration.ofMillis(100),
                Pings.DEFAULTS.held());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void who_answers_no_ping_is_told_that_it_is_silent_and_has_left() throws IOException {
        try (TestClient other = TestClient.open(server.uri());
                RawWebSocketClient gone = RawWebSocketClient.open(server.uri())) {
            other.connect(Optional.empty());
            other.subscribe("there.a");
            gone.handshake("/channels");
            gone.send("{\"id\":1,\"connect\":{\"name\":\"Gone\"}}");
            gone.send("{\"id\":2,\"subscribe\":{\"channel\":\"there.a\"}}");

            boolean pinged = false;
            Optional<RawWebSocketClient.Frame> frame = gone.next();
            while (frame.isPresent() && frame.get().first() != RawWebSocketClient.CLOSE) {
                pinged |= frame.get().first() == RawWebSocketClient.PING;
                frame = gone.next();
            }

            assertThat(pinged).isTrue();
            assertThat(frame.orElseThrow().code()).isEqualTo(4003);
            assertThat(pushed(other, "leave")).isEqualTo("Gone");
            // For all that time it has said nothing either, but its client answers pings
            assertThat(other.isOpen()).isTrue();
        }
    }

    @Test
    void who_answers_pings_stays_however_quiet() throws IOException {
        try (RawWebSocketClient quiet = RawWebSocketClient.open(server.uri())) {
            quiet.handshake("/channels");
            for (int pings = 0; pings < 5; pings++) {
                RawWebSocketClient.Frame frame = quiet.next().orElseThrow();
                assertThat(frame.first()).isEqualTo(RawWebSocketClient.PING);
                quiet.write(RawWebSocketClient.frame(
                        RawWebSocketClient.PONG, frame.payload().array()));
            }
        }
    }

    @Test
    void who_is_long_about_a_message_is_not_silent() throws IOException {
        try (RawWebSocketClient slow = RawWebSocketClient.open(server.uri())) {
            slow.handshake("/channels");
            String publish = "{\"id\":1,\"publish\":{\"channel\":\"slow\",\"data\":\"at last\"}}";
            byte[] frame = RawWebSocketClient.frame(RawWebSocketClient.TEXT, publish.getBytes(StandardCharsets.UTF_8));
            // No ping is answered, for the answer would stand in the middle of the message; but an octet comes
            int sent = 0;
            while (sent < 5) {
                assertThat(slow.next().orElseThrow().first()).isEqualTo(RawWebSocketClient.PING);
                slow.write(Arrays.copyOfRange(frame, sent, sent + 1));
                sent++;
            }
            slow.write(Arrays.copyOfRange(frame, sent, frame.length));

            assertThat(slow.next().orElseThrow().text()).contains("\"published\"");
        }
    }

    private static String pushed(TestClient client, String name) {
        int count = 1;
        while (true) {
            JsonObject push = client.awaitPushes(count).get(count - 1);
            if (push.containsKey(name)) {
                return push.getJsonObject(name).getString("name", "");
            }
            count++;
        }
    }
}
