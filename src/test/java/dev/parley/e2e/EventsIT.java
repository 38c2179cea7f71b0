package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.arquillian.Wars;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.URL;
import java.util.List;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Beans of a team's own observe what happens on channels, in the built WAR. */
@ExtendWith(ArquillianExtension.class)
@Timeout(60)
class EventsIT {
    @ArquillianResource
    private URL base;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.built().addClasses(EventObserver.class);
    }

    @Test
    void messages_joins_and_leaves_are_observed_in_their_order_and_a_failing_observer_harms_nobody() {
        try (TestClient watching = TestClient.open(URI.create(base.toString()))) {
            watching.subscribe(EventObserver.SEEN);
            try (TestClient ann = TestClient.open(URI.create(base.toString()))) {
                ann.reply("connect", "{\"name\":\"Ann\"}");
                ann.publish(EventObserver.FAILING, "k", "0");
                for (int i = 0; i < 20; i++) {
                    ann.publish("watched.log", "k" + i, "" + i);
                }
                // A publish is answered a moment before it is observed
                watching.awaitPushes(20);
                ann.subscribe("chat.watched");
            }
            List<String> expected =
                    IntStream.range(0, 20).mapToObj(i -> "watched.log " + i).toList();

            List<String> seen =
                    watching.awaitPushes(22).stream().map(EventsIT::seen).toList();

            assertThat(seen.subList(0, 20)).isEqualTo(expected);
            assertThat(seen.subList(20, 22)).containsExactly("chat.watched join Ann", "chat.watched leave Ann");
        }
    }

    private static String seen(JsonObject push) {
        return push.getJsonObject("data").getString("seen");
    }
}
