package dev.parley.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.arquillian.Wars;
import dev.parley.e2e.RawWebSocketClient;
import dev.parley.e2e.TestClient;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.util.Map;
import java.util.Optional;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that say nothing, and those that answer nothing either: what each container does about them, and what we do. */
@ExtendWith(ArquillianExtension.class)
@Timeout(180)
class ContainerSilentClientsIT {
    @ArquillianResource
    private URL base;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.with(Map.of(
                "parley.ping.interval", "500ms",
                // Long enough that who answers is never late, on a machine that is busy with something else
                "parley.ping.timeout", "5s",
                "parley.channels.there.presence", "true"));
    }

    /** A client that never answers the farewell would else keep a socket, and its memory, for as long as it likes. */
    @Test
    void who_answers_no_ping_is_told_so_has_left_and_is_cut_though_it_does_not_answer_the_farewell()
            throws IOException {
        try (TestClient other = client();
                RawWebSocketClient gone = raw()) {
            other.connect(Optional.empty());
            other.subscribe("there.a");
            gone.send("{\"id\":1,\"connect\":{\"name\":\"Gone\"}}");
            gone.send("{\"id\":2,\"subscribe\":{\"channel\":\"there.a\"}}");

            assertThat(gone.nextClose().orElseThrow().code()).isEqualTo(4003);
            assertThat(pushed(other, "leave")).isEqualTo("Gone");
            assertThat(gone.next()).isEmpty();
            assertThat(other.isOpen()).isTrue();
        }
    }

    @Test
    void who_answers_pings_stays_however_quiet() throws IOException {
        try (RawWebSocketClient quiet = raw()) {
            for (int pings = 0; pings < 4; pings++) {
                RawWebSocketClient.Frame frame = quiet.next().orElseThrow();
                assertThat(frame.first()).isEqualTo(RawWebSocketClient.PING);
                quiet.write(RawWebSocketClient.frame(
                        RawWebSocketClient.PONG, frame.payload().array()));
            }
        }
    }

    private RawWebSocketClient raw() throws IOException {
        RawWebSocketClient client = RawWebSocketClient.open(URI.create(base.toString()));
        assertThat(client.handshake(base.getPath() + "channels")).contains(" 101 ");
        return client;
    }

    private TestClient client() {
        return TestClient.open(URI.create(base.toString()));
    }

    private static String pushed(TestClient client, String name) {
        for (int count = 1; ; count++) {
            JsonObject push = client.awaitPushes(count).get(count - 1);
            if (push.containsKey(name)) {
                return push.getJsonObject(name).getString("name", "");
            }
        }
    }
}
