package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.arquillian.Wars;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.URL;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two filters of a team's own, one before a room's rules and one after them, in the built WAR. */
@ExtendWith(ArquillianExtension.class)
@Timeout(60)
class FiltersIT {
    @ArquillianResource
    private URL base;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.built().addClasses(EarlyFilter.class, LateFilter.class);
    }

    @Test
    void filters_are_asked_in_order_each_for_its_channels() {
        try (TestClient client = TestClient.open(URI.create(base.toString()))) {
            client.subscribe("chat.late-1");
            client.subscribe("chat.lobby");

            publish(client, "chat.late-1", "{\"text\":\"hi\",\"extra\":1}");
            publish(client, "chat.lobby", "{\"text\":\"hi\",\"extra\":1}");

            assertThat(said(client, "chat.late-1")).isEqualTo("hi, early and late");
            assertThat(said(client, "chat.lobby")).isEqualTo("hi, early");
        }
    }

    @Test
    void a_filter_rejects_with_its_code_and_its_sentence() {
        try (TestClient client = TestClient.open(URI.create(base.toString()))) {
            JsonObject error = client.reply("publish", "{\"channel\":\"chat.lobby\",\"data\":{\"text\":\"darn\"}}")
                    .getJsonObject("error");

            assertThat(error.getString("name")).isEqualTo("rejected");
            assertThat(error.getString("message")).isEqualTo("Mind your language.");
        }
    }

    @Test
    void other_channels_are_not_theirs() {
        try (TestClient client = TestClient.open(URI.create(base.toString()))) {
            client.subscribe("news");

            publish(client, "news", "{\"text\":\"darn, hi\",\"extra\":1}");

            assertThat(client.awaitPushes(1).get(0).getJsonObject("data"))
                    .hasToString("{\"text\":\"darn, hi\",\"extra\":1}");
        }
    }

    private static void publish(TestClient client, String channel, String data) {
        assertThat(client.reply("publish", "{\"channel\":\"" + channel + "\",\"data\":" + data + "}"))
                .containsKey("published");
    }

    /** The text of a channel's first message. */
    private static String said(TestClient client, String channel) {
        for (int count = 1; ; count++) {
            JsonObject push = client.awaitPushes(count).get(count - 1);
            if (push.containsKey("data") && push.getString("channel").equals(channel)) {
                return push.getJsonObject("data").getString("text");
            }
        }
    }
}
