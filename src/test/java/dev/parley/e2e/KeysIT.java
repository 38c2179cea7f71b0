package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.Position;
import dev.parley.standalone.StandaloneServer;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Publishing twice with one key stores one message, whatever comes between. */
@Timeout(180)
class KeysIT {
    private static final int NEWER = 20_000;
    private static final int HISTORY = 100;

    private static final Map<String, String> SETTINGS = Map.of(
            "parley.limits.commands-per-second",
            "0",
            "parley.limits.publish-bytes-per-second",
            "0",
            "parley.log.trim-interval",
            "100ms",
            "parley.channels.small.history-size",
            Integer.toString(HISTORY));

    @TempDir
    private Path folder;

    private StandaloneServer server;
    private TestClient ann;

    @BeforeEach
    void start() {
        server = TestServers.start(folder, SETTINGS);
        ann = TestClient.open(server.uri());
    }

    @AfterEach
    void stop() {
        ann.close();
        server.close();
    }

    @Test
    void the_same_key_twice_is_one_message_with_one_position() {
        ann.subscribe("room");
        Position first = ann.publish("room", "k", "{\"n\":1}");
        Position second = ann.publish("room", "k", "{\"n\":1}");
        Position next = ann.publish("room", "other", "{\"n\":2}");

        assertThat(second).isEqualTo(first);
        assertThat(next).isEqualTo(first.at(2));
        assertThat(ann.awaitPushes(2)).extracting(TestClient::position).containsExactly(first, next);
    }

    @Test
    void the_same_key_twice_at_once_is_one_message() {
        String publication = TestClient.publication("room", "k", "1");
        CompletableFuture<JsonObject> one = ann.ask("publish", publication);
        CompletableFuture<JsonObject> other = ann.ask("publish", publication);

        assertThat(TestClient.await(one).getJsonObject("published"))
                .isEqualTo(TestClient.await(other).getJsonObject("published"));
        assertThat(ann.publish("room", "next", "1").offset()).isEqualTo(2);
    }

    @Test
    void other_content_under_the_same_key_is_refused_and_not_stored() {
        Position first = ann.publish("room", "k", "{\"n\":1}");

        JsonObject reply = ann.reply("publish", TestClient.publication("room", "k", "{\"n\":2}"));

        assertThat(reply.getJsonObject("error").getInt("code")).isEqualTo(409);
        assertThat(reply.getJsonObject("error").getString("name")).isEqualTo("key-reused");
        assertThat(reply.getJsonObject("error").getBoolean("retry")).isFalse();
        assertThat(ann.publish("room", "next", "1")).isEqualTo(first.at(2));
    }

    @Test
    void another_user_and_another_channel_have_keys_of_their_own() {
        try (TestClient bob = TestClient.open(server.uri())) {
            Position first = ann.publish("room", "k", "1");

            assertThat(bob.publish("room", "k", "1")).isEqualTo(first.at(2));
            assertThat(bob.publish("room", "k", "1")).isEqualTo(first.at(2));
            assertThat(ann.publish("hall", "k", "2").offset()).isEqualTo(1);
        }
    }

    @Test
    void a_guest_who_comes_back_with_the_secret_is_the_same_user_also_after_a_restart() {
        Optional<String> secret = Optional.of(ann.connect(Optional.empty()));
        Position first = ann.publish("room", "k", "1");

        server.close();
        server = TestServers.start(folder, SETTINGS);

        try (TestClient again = TestClient.open(server.uri());
                TestClient stranger = TestClient.open(server.uri())) {
            assertThat(again.connect(secret)).isEqualTo(secret.orElseThrow());
            stranger.connect(Optional.empty());
            assertThat(again.publish("room", "k", "1")).isEqualTo(first);
            assertThat(stranger.publish("room", "k", "1").offset()).isEqualTo(2);
            again.subscribeWithHistory("room", 2);
            assertThat(again.awaitPushes(2))
                    .extracting(push -> push.getJsonObject("from").getString("user"))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void a_key_is_known_after_twenty_thousand_newer_messages_when_its_own_is_gone_and_after_a_restart() {
        Optional<String> secret = Optional.of(ann.connect(Optional.empty()));
        Position first = ann.publish("small", "k", "{\"n\":0}");
        BulkPublisher.publish(ann, "small", 1, NEWER);
        awaitTrimmed("small");

        assertThat(ann.publish("small", "k", "{\"n\":0}")).isEqualTo(first);
        server.close();
        server = TestServers.start(folder, SETTINGS);

        try (TestClient again = TestClient.open(server.uri())) {
            again.connect(secret);
            assertThat(again.publish("small", "k", "{\"n\":0}")).isEqualTo(first);
            assertThat(again.reply("publish", TestClient.publication("small", "k", "{\"n\":1}"))
                            .getJsonObject("error")
                            .getString("name"))
                    .isEqualTo("key-reused");
            assertThat(again.publish("small", "next", "1").offset()).isEqualTo(NEWER + 2);
        }
    }

    private void awaitTrimmed(String channel) {
        await().atMost(TestClient.PATIENCE).until(() -> {
            try (TestClient client = TestClient.open(server.uri())) {
                JsonObject subscribed = client.subscribeAfter(channel, Position.NONE);
                return subscribed.containsKey("lost")
                        && Position.parse(subscribed.getJsonObject("lost").getString("before"))
                                        .orElseThrow()
                                        .offset()
                                > NEWER - 2 * HISTORY;
            }
        });
    }
}
