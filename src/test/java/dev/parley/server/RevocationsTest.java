package dev.parley.server;

import static dev.parley.testing.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Identity;
import dev.parley.api.PublishFilter;
import dev.parley.connection.Connections;
import dev.parley.log.LogException;
import dev.parley.protocol.Body;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import dev.parley.testing.ManualNode;
import dev.parley.testing.ScriptedTransport;
import dev.parley.testing.WireClient;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator ends. */
class RevocationsTest {
    private static final Identity OPERATOR = new Identity("oscar", Optional.empty());

    private final ManualNode node = new ManualNode();
    private final List<ChannelRevocations> others = new ArrayList<>();
    private ChannelRevocations revocations;

    @BeforeEach
    void start() {
        revocations = new ChannelRevocations(node.connections(), node.executors.timer());
        node.run();
    }

    @AfterEach
    void stop() {
        revocations.close();
        others.forEach(ChannelRevocations::close);
    }

    @Test
    void all_connections_of_a_user_end_at_once_and_no_others() {
        Guest ann = new Guest("Ann");
        Guest bob = new Guest("Bob");
        WireClient again = ann.connect();
        disconnect(ann.user);

        assertThat(ann.client.disconnected()).contains("revoked");
        assertThat(again.disconnected()).contains("revoked");
        assertThat(ann.client.transport().closed()).contains(DisconnectCode.REVOKED);
        assertThat(bob.client.disconnected()).isEmpty();
        assertThat(bob.client.transport().closed()).isEmpty();
        assertThat(node.connections().size()).isEqualTo(1);
    }

    @Test
    void the_user_is_gone_from_every_channel_without_the_time_of_grace() {
        Guest bob = new Guest("Bob");
        bob.client.subscribe(2, "room.a", "");
        bob.client.subscribe(3, "room.b", "");
        node.run();
        Guest ann = new Guest("Ann");
        ann.client.subscribe(2, "room.a", "");
        ann.connect().subscribe(2, "room.b", "");
        node.run();
        disconnect(ann.user);

        assertThat(bob.leaves()).containsExactlyInAnyOrder("room.a", "room.b");
    }

    @Test
    void the_user_is_gone_also_where_it_reads_nothing() {
        Guest bob = new Guest("Bob");
        bob.client.subscribe(2, "room.a", "");
        node.run();
        Guest ann = new Guest("Ann");
        ann.client.subscribe(2, "room.a", "");
        node.run();
        ann.client.transport().mode(ScriptedTransport.Mode.LATER);
        node.publish("room.a", 1, 1);
        disconnect(ann.user);

        assertThat(bob.leaves()).containsExactly("room.a");
        assertThat(ann.client.transport().closed()).isEmpty();
        node.executors.pass(Duration.ofSeconds(1));
        assertThat(ann.client.transport().closed()).contains(DisconnectCode.REVOKED);
        assertThat(node.connections().size()).isEqualTo(1);
    }

    @Test
    void what_the_user_still_asks_for_is_not_done() {
        Guest ann = new Guest("Ann");
        disconnect(ann.user);
        ann.client.publish(9, "a", "1");
        node.run();

        assertThat(ann.client.isAnswered(9)).isFalse();
        assertThat(node.log.head("a").last()).isZero();
    }

    @Test
    void the_user_cannot_come_back_with_the_same_secret() {
        Guest ann = new Guest("Ann");
        disconnect(ann.user);
        WireClient back = ann.connect();

        assertThat(back.error(1)).isEqualTo("revoked");
        assertThat(new Guest("Ann").client.disconnected()).isEmpty();
    }

    @Test
    void it_holds_after_a_restart_too() {
        Guest ann = new Guest("Ann");
        disconnect(ann.user);
        WireClient back = ann.connect(restarted());

        assertThat(back.error(1)).isEqualTo("revoked");
    }

    @Test
    void guests_are_let_in_where_the_history_holds_no_revocation_any_more() {
        disconnect("ann");
        disconnect("bob");
        node.log.trimTo(ChannelRevocations.CHANNEL, 3);
        WireClient somebody = new WireClient(restarted());
        somebody.send("{\"id\":1,\"connect\":{}}");
        node.run();

        assertThat(somebody.reply(1)).containsKey("connected");
    }

    @Test
    void a_teams_policy_and_filters_have_no_say_in_it() {
        node.policy = (identity, action, channel) -> false;
        node.filters.add(new PublishFilter() {
            @Override
            public String channels() {
                return "**";
            }

            @Override
            public Body filter(Identity from, String channel, Body body) {
                throw new RefusedException(ErrorCode.REJECTED);
            }
        });
        Connections strict = restarted();
        Guest ann = new Guest("Ann");
        WireClient hers = ann.connect(strict);
        var unused = others.get(0).disconnect(OPERATOR, ann.user);
        node.run();

        assertThat(hers.disconnected()).contains("revoked");
    }

    @Test
    void nobody_is_let_in_before_it_is_known_who_may_not() {
        Guest ann = new Guest("Ann");
        disconnect(ann.user);
        node.log.fail(LogException.Kind.UNAVAILABLE);
        WireClient back = ann.connect(restarted());
        assertThat(back.lines()).isEmpty();
        node.log.heal();
        node.executors.pass(Duration.ofSeconds(1));

        assertThat(back.error(1)).isEqualTo("revoked");
    }

    @Test
    void after_a_failover_what_is_withdrawn_is_heard_and_what_was_withdrawn_stays_so_on_this_node() {
        Guest ann = new Guest("Ann");
        Guest bob = new Guest("Bob");
        disconnect("eve");
        disconnect(ann.user);
        node.log.failOver(ChannelRevocations.CHANNEL, 1);
        disconnect(bob.user);

        assertThat(bob.client.disconnected()).contains("revoked");
        assertThat(ann.connect().error(1)).isEqualTo("revoked");
        assertThat(bob.connect(restarted()).error(1)).isEqualTo("revoked");
        assertThat(new Guest("Cid").client.disconnected()).isEmpty();
    }

    @Test
    void guests_are_let_in_though_the_log_has_forgotten_its_end_while_it_was_read() {
        Guest ann = new Guest("Ann");
        disconnect(ann.user);
        for (int i = 0; i < 20; i++) {
            disconnect("eve" + i);
        }
        node.executors.foreign().hold();
        Connections other = restarted();
        WireClient back = ann.connect(other);
        WireClient somebody = new WireClient(other);
        somebody.send("{\"id\":1,\"connect\":{}}");
        node.run();
        assertThat(somebody.lines()).isEmpty();
        node.log.failOver(ChannelRevocations.CHANNEL, 10);
        node.executors.foreign().letGo();
        node.run();

        assertThat(back.error(1)).isEqualTo("revoked");
        assertThat(somebody.reply(1)).containsKey("connected");
    }

    @Test
    void one_subscription_ends_with_a_push_and_the_others_go_on() {
        Guest ann = new Guest("Ann");
        ann.client.subscribe(2, "a", "");
        ann.client.subscribe(3, "b", "");
        node.run();
        var unused = revocations.unsubscribe(OPERATOR, ann.user, "a");
        node.run();
        node.publish("a", 1, 1);
        node.publish("b", 1, 1);

        JsonObject ended =
                ann.client.matching(line -> line.containsKey("unsubscribed")).get(0);
        assertThat(ended.getString("channel")).isEqualTo("a");
        assertThat(ended.getJsonObject("unsubscribed").getString("name")).isEqualTo("revoked");
        assertThat(ann.client.data("a")).isEmpty();
        assertThat(ann.client.data("b")).containsExactly("1");
    }

    @Test
    void it_is_told_once_it_is_stored() {
        node.executors.writer().hold();
        CompletableFuture<Position> stored = asked("ann");
        assertThat(stored).isNotDone();
        node.executors.writer().letGo();
        node.run();

        assertThat(stored).isCompletedWithValueMatching(position -> position.offset() == 1);
    }

    @Test
    void nobody_else_publishes_there_or_reads_it() {
        Guest ann = new Guest("Ann");
        ann.client.publish(2, ChannelRevocations.CHANNEL, "{\"user\":\"bob\"}");
        ann.client.subscribe(3, ChannelRevocations.CHANNEL, ",\"history\":5");
        ann.client.send("{\"id\":4,\"history\":{\"channel\":\"" + ChannelRevocations.CHANNEL + "\"}}");
        ann.client.send("{\"id\":5,\"presence\":{\"channel\":\"" + ChannelRevocations.CHANNEL + "\"}}");
        node.run();

        assertThat(List.of(2, 3, 4, 5))
                .allSatisfy(id -> assertThat(ann.client.error(id)).isEqualTo("not-allowed"));
    }

    @Test
    void what_is_no_revocation_is_passed_over() {
        for (String json : List.of("5", "{}", "{\"user\":5}", "[]", "{\"user\":\"x\",\"channel\":5}")) {
            var unused = node.channels().publish(ChannelRevocations.CHANNEL, new Body.Json(json));
        }
        node.run();
        Guest ann = new Guest("Ann");
        disconnect(ann.user);

        assertThat(ann.client.disconnected()).contains("revoked");
    }

    @Test
    void the_server_itself_is_nobody_to_end() {
        assertNobody(() -> revocations.disconnect(OPERATOR, "server"));
        assertNobody(() -> revocations.disconnect(OPERATOR, ""));
        assertNobody(() -> revocations.unsubscribe(OPERATOR, "server", "a"));
        assertRefused(
                () -> revocations.unsubscribe(OPERATOR, "ann", "a b"),
                ErrorCode.INVALID_NAME,
                "A channel is 1 to 200 letters, digits, '.', '_', '-' or '~', beginning with a letter or digit.");
        node.run();
        assertThat(node.log.head(ChannelRevocations.CHANNEL).last()).isZero();
    }

    private static void assertNobody(ThrowingCallable ending) {
        assertRefused(ending, ErrorCode.INVALID_NAME, "Nobody can be a user of this name.");
    }

    private void disconnect(String user) {
        assertThat(asked(user)).isCompleted();
    }

    private CompletableFuture<Position> asked(String user) {
        CompletableFuture<Position> stored =
                revocations.disconnect(OPERATOR, user).toCompletableFuture();
        node.run();
        return stored;
    }

    private Connections restarted() {
        Connections connections = node.another();
        others.add(new ChannelRevocations(connections, node.executors.timer()));
        return connections;
    }

    private final class Guest {
        final WireClient client = new WireClient(node.connections());
        final String user;
        private final String secret;

        Guest(String name) {
            client.send("{\"id\":1,\"connect\":{\"name\":\"" + name + "\"}}");
            node.run();
            JsonObject connected = client.reply(1).getJsonObject("connected");
            user = connected.getString("user");
            secret = connected.getString("secret");
        }

        WireClient connect() {
            return connect(node.connections());
        }

        WireClient connect(Connections connections) {
            WireClient another = new WireClient(connections);
            another.send("{\"id\":1,\"connect\":{\"secret\":\"" + secret + "\"}}");
            node.run();
            return another;
        }

        List<String> leaves() {
            return client.matching(line -> line.containsKey("leave")).stream()
                    .map(line -> line.getString("channel"))
                    .toList();
        }
    }
}
