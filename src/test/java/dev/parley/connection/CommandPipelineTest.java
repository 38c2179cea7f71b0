package dev.parley.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.ChannelPolicy.Action;
import dev.parley.api.Credentials;
import dev.parley.channel.Encoded;
import dev.parley.log.LogException;
import dev.parley.protocol.DisconnectCode;
import dev.parley.security.Guests;
import dev.parley.security.Limits;
import dev.parley.testing.ManualNode;
import dev.parley.testing.WireClient;
import dev.parley.wire.CommandReader;
import jakarta.json.JsonValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a client says and is answered. */
class CommandPipelineTest {
    private final ManualNode node = new ManualNode();

    @Test
    void subscribe_and_then_publish_in_one_message_is_heard() {
        WireClient client = client();
        client.send(
                "{\"id\":1,\"subscribe\":{\"channel\":\"a\"}}",
                "{\"id\":2,\"publish\":{\"channel\":\"a\",\"data\":\"hi\"}}",
                "{\"id\":3,\"ping\":{}}");
        node.run();

        assertThat(client.data("a")).containsExactly("\"hi\"");
        assertThat(client.lines()).hasSize(4);
        assertThat(client.lines().get(0)).containsKey("subscribed");
        assertThat(client.published(2)).isEqualTo(client.messages("a").get(0).getString("position"));
        assertThat(client.lines().indexOf(client.reply(2)))
                .isLessThan(client.lines().indexOf(client.messages("a").get(0)));
    }

    @Test
    void a_publish_does_not_hold_up_what_follows_it() {
        WireClient client = client();
        node.executors.writer().hold();
        client.publish(1, "a", "1");
        client.send("{\"id\":2,\"ping\":{}}");

        assertThat(client.isAnswered(1)).isFalse();
        assertThat(client.reply(2)).containsKey("pong");
    }

    @Test
    void what_comes_after_a_subscribe_waits_for_it() {
        WireClient client = client();
        node.executors.reads().hold();
        client.subscribe(1, "a", ",\"history\":5");
        client.send("{\"id\":2,\"unsubscribe\":{\"channel\":\"a\"}}", "{\"id\":3,\"ping\":{}}");
        assertThat(client.lines()).isEmpty();
        node.executors.reads().letGo();
        node.run();

        assertThat(client.lines()).extracting(line -> line.getInt("id")).containsExactly(1, 2, 3);
        node.publish("a", 1, 1);
        assertThat(client.data("a")).isEmpty();
    }

    @Test
    void an_array_opens_what_it_can_and_says_what_it_cannot() {
        node.policy = (identity, action, channel) -> !channel.equals("secret");
        WireClient client = client();
        client.subscribe(1, "there", "");
        client.send("{\"id\":2,\"subscribe\":[{\"channel\":\"a\"},{\"channel\":\"secret\"},{\"channel\":\"there\"},"
                + "{\"channel\":\"a\"},{\"channel\":\"b\"}]}");
        node.run();
        node.publish("a", 1, 1);
        node.publish("b", 1, 1);

        var results = client.reply(2).getJsonArray("subscribed");
        assertThat(results).hasSize(5);
        assertThat(results.getJsonObject(0)).containsEntry("recovered", JsonValue.TRUE);
        assertThat(results.getJsonObject(4)).containsEntry("recovered", JsonValue.TRUE);
        assertThat(List.of(1, 2, 3).stream()
                        .map(i ->
                                results.getJsonObject(i).getJsonObject("error").getString("name")))
                .containsExactly("not-allowed", "already-subscribed", "already-subscribed");
        assertThat(client.data("a")).containsExactly("1");
        assertThat(client.data("b")).containsExactly("1");
    }

    @Test
    void a_single_refused_subscribe_is_an_error() {
        node.policy = (identity, action, channel) -> action != Action.SUBSCRIBE;
        WireClient client = client();
        client.subscribe(1, "a", "");

        assertThat(client.error(1)).isEqualTo("not-allowed");
    }

    @Test
    void while_the_log_is_away_subscribe_says_retry_and_the_connection_goes_on() {
        WireClient client = client();
        node.log.fail(LogException.Kind.UNAVAILABLE);
        client.subscribe(1, "a", "");
        client.publish(2, "a", "1");
        node.run();
        assertThat(client.error(1)).isEqualTo("unavailable");
        assertThat(client.error(2)).isEqualTo("unavailable");
        assertThat(client.reply(1).getJsonObject("error").getBoolean("retry")).isTrue();

        node.log.heal();
        client.subscribe(3, "a", "");
        node.run();
        client.publish(4, "a", "1");
        node.run();
        assertThat(client.data("a")).containsExactly("1");
    }

    @Test
    void what_is_not_subscribed_cannot_be_unsubscribed() {
        WireClient client = client();
        client.send("{\"id\":1,\"unsubscribe\":{\"channel\":\"a\"}}");
        client.subscribe(2, "a", "");
        node.run();
        client.send("{\"id\":3,\"unsubscribe\":{\"channel\":\"a\"}}", "{\"id\":4,\"unsubscribe\":{\"channel\":\"a\"}}");
        client.subscribe(5, "a", "");
        node.run();

        assertThat(client.error(1)).isEqualTo("not-subscribed");
        assertThat(client.reply(3)).containsKey("unsubscribed");
        assertThat(client.error(4)).isEqualTo("not-subscribed");
        assertThat(client.reply(5)).containsKey("subscribed");
    }

    @Test
    void bytes_are_published_and_pushed_as_they_are() {
        WireClient client = client();
        client.subscribe(1, "a", "");
        node.run();
        byte[] message = "{\"id\":2,\"publish\":{\"channel\":\"a\",\"type\":\"image/png\"}}\n\u0001\n\u0002"
                .getBytes(StandardCharsets.ISO_8859_1);
        client.conversation().receive(List.of(CommandReader.read(ByteBuffer.wrap(message))));
        assertThat(client.isAnswered(1)).isTrue();
        node.run();

        Encoded.Binary pushed = (Encoded.Binary) client.transport().batches().stream()
                .flatMap(batch -> batch.pieces().stream())
                .filter(Encoded.Binary.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertThat(pushed.bytes().toArray()).endsWith('\n', 1, '\n', 2);
        assertThat(client.messages("a").get(0).getString("type")).isEqualTo("image/png");
        assertThat(client.messages("a").get(0).getInt("size")).isEqualTo(3);
    }

    @Test
    void a_guest_is_the_same_guest_again_with_its_secret() {
        WireClient first = client();
        first.send("{\"id\":1,\"connect\":{\"name\":\"Ann\"}}");
        String user = first.reply(1).getJsonObject("connected").getString("user");
        String secret = first.reply(1).getJsonObject("connected").getString("secret");
        WireClient again = client();
        again.send("{\"id\":1,\"connect\":{\"secret\":\"" + secret + "\"}}");
        WireClient other = client();
        other.send("{\"id\":1,\"connect\":{}}");

        assertThat(user).startsWith("guest-");
        assertThat(again.reply(1).getJsonObject("connected").getString("user")).isEqualTo(user);
        assertThat(other.reply(1).getJsonObject("connected").getString("user")).isNotEqualTo(user);
        again.publish(2, "a", "1");
        node.run();
        first.subscribe(3, "a", ",\"history\":1");
        node.run();
        assertThat(first.messages("a").get(0).getJsonObject("from").getString("user"))
                .isEqualTo(user);
    }

    @Test
    void connect_is_the_first_command_or_none() {
        WireClient late = client();
        late.send("{\"id\":1,\"ping\":{}}", "{\"id\":2,\"connect\":{}}", "{\"id\":3,\"ping\":{}}");
        WireClient twice = client();
        twice.send("{\"id\":1,\"connect\":{}}", "{\"id\":2,\"connect\":{}}");

        assertThat(late.error(2)).isEqualTo("late-connect");
        assertThat(late.reply(3)).containsKey("pong");
        assertThat(twice.reply(1)).containsKey("connected");
        assertThat(twice.error(2)).isEqualTo("late-connect");
    }

    @Test
    void what_follows_a_connect_that_failed_is_not_done_as_somebody_else() {
        WireClient client = client();
        client.send(
                "{\"id\":1,\"connect\":{\"token\":\"expired\"}}",
                "{\"id\":2,\"publish\":{\"channel\":\"a\",\"data\":1}}",
                "{\"id\":3,\"subscribe\":{\"channel\":\"a\"}}");
        node.run();
        assertThat(client.errors()).containsExactly("bad-credentials", "bad-credentials", "bad-credentials");
        assertThat(node.log.head("a").last()).isZero();

        client.send("{\"id\":4,\"connect\":{\"name\":\"" + "x".repeat(101) + "\"}}", "{\"id\":5,\"ping\":{}}");
        assertThat(client.error(4)).isEqualTo("invalid-name");
        assertThat(client.error(5)).isEqualTo("invalid-name");
        client.send("{\"id\":6,\"connect\":{}}", "{\"id\":7,\"ping\":{}}");
        assertThat(client.reply(6)).containsKey("connected");
        assertThat(client.reply(7)).containsKey("pong");
    }

    @Test
    void who_the_container_has_logged_in_is_that_user() {
        WireClient client = new WireClient(
                node.connections(),
                new Credentials(Optional.of("ann"), Set.of(), Optional.empty(), Optional.empty(), Optional.empty()));
        client.publish(1, "a", "1");
        client.subscribe(2, "a", ",\"history\":1");
        node.run();

        assertThat(client.messages("a").get(0).getJsonObject("from").getString("user"))
                .isEqualTo("ann");
    }

    @Test
    void keys_of_different_users_are_different_keys() {
        WireClient ann = client();
        WireClient bob = client();
        String keyed = "{\"id\":%s,\"publish\":{\"channel\":\"a\",\"key\":\"k\",\"data\":%s}}";
        ann.send(keyed.formatted(1, 1), keyed.formatted(2, 1), keyed.formatted(3, 2));
        bob.send(keyed.formatted(1, 1));
        node.run();

        assertThat(ann.published(1)).isEqualTo(ann.published(2)).isEqualTo("e1:1");
        assertThat(ann.error(3)).isEqualTo("key-reused");
        assertThat(bob.published(1)).isEqualTo("e1:2");
    }

    @Test
    void refresh_is_refused_where_there_are_no_tokens() {
        WireClient client = client();
        client.send("{\"id\":1,\"refresh\":{\"token\":\"t\"}}");

        assertThat(client.error(1)).isEqualTo("bad-credentials");
    }

    @Test
    void who_closes_while_subscribing_leaves_nothing_behind() {
        WireClient watcher = client();
        watcher.subscribe(1, "room.a", "");
        node.run();
        WireClient client = client();
        node.executors.reads().hold();
        client.send("{\"id\":1,\"subscribe\":[{\"channel\":\"room.a\",\"history\":99},{\"channel\":\"room.b\"}]}");
        client.drop();
        node.executors.reads().letGo();
        node.run();
        watcher.send("{\"id\":2,\"presence\":{\"channel\":\"room.a\"}}");

        assertThat(watcher.reply(2).getJsonObject("presence").getInt("count")).isEqualTo(1);
        assertThat(watcher.matching(line -> line.containsKey("join"))).hasSize(1);
        assertThat(node.connections().size()).isEqualTo(1);
        watcher.drop();
        node.executors.pass(Duration.ofMinutes(7));
        assertThat(node.hub().size()).isZero();
    }

    @Test
    void when_the_server_stops_everyone_is_told_to_come_back_and_nobody_new_is_taken_in() {
        WireClient client = client();
        node.connections().refuse();
        assertThat(node.connections().release(10, 5)).isEqualTo(1);
        assertThat(node.connections().release(10, 5)).isZero();
        WireClient late = client();

        for (WireClient each : List.of(client, late)) {
            assertThat(each.disconnected()).hasValue("restart");
            assertThat(each.transport().closed()).hasValue(DisconnectCode.RESTART);
        }
        assertThat(client.lines().get(0).getJsonObject("disconnect").getInt("within"))
                .isEqualTo(5);
        assertThat(node.connections().size()).isZero();
    }

    @Test
    void a_presence_reply_has_its_position_and_its_members() {
        WireClient client = client();
        client.subscribe(1, "room.a", "");
        node.run();
        client.send("{\"id\":2,\"presence\":{\"channel\":\"room.a\"}}");

        var join = client.matching(line -> line.containsKey("join")).get(0);
        assertThat(client.reply(2).getJsonObject("presence").getString("position"))
                .isEqualTo(join.getString("presence"));
        assertThat(client.reply(2).getJsonObject("presence").getJsonArray("members"))
                .containsExactly(join.getJsonObject("join"));
    }

    @Test
    void a_command_that_fails_with_an_error_is_answered_and_does_not_end_what_follows_it() {
        AtomicInteger asked = new AtomicInteger();
        Connections connections = new Connections(
                node.channels(),
                shown -> {
                    if (asked.getAndIncrement() == 0) {
                        throw new AssertionError("as the test wants it");
                    }
                    return new Guests().identify(shown);
                },
                Limits.DEFAULTS,
                Pings.DEFAULTS,
                node.threads());
        WireClient client = new WireClient(connections);
        client.send("{\"id\":1,\"connect\":{}}", "{\"id\":2,\"connect\":{}}", "{\"id\":3,\"ping\":{}}");

        assertThat(client.error(1)).isEqualTo("internal");
        assertThat(client.reply(2)).containsKey("connected");
        assertThat(client.reply(3)).containsKey("pong");
    }

    private WireClient client() {
        return new WireClient(node.connections());
    }
}
