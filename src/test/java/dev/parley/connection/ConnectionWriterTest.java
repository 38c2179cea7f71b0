package dev.parley.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Identity;
import dev.parley.channel.Batch;
import dev.parley.channel.Encoded;
import dev.parley.channel.HubSettings;
import dev.parley.channel.Representation;
import dev.parley.channel.Subscription;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.Push;
import dev.parley.protocol.Start;
import dev.parley.testing.ManualNode;
import dev.parley.testing.ScriptedTransport;
import dev.parley.testing.WireClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The one writer of a connection, on transports of every temper. */
class ConnectionWriterTest {
    private final ManualNode node = new ManualNode();

    @Test
    void one_send_is_under_way_and_what_comes_meanwhile_is_one_batch() {
        WireClient client = subscribed("a");
        client.transport().mode(ScriptedTransport.Mode.LATER);
        node.publish("a", 1, 7);
        assertThat(client.transport().batches()).hasSize(1);
        assertThat(client.data("a")).containsExactly("1");

        client.transport().complete();
        node.run();

        assertThat(client.transport().batches()).hasSize(1);
        assertThat(client.data("a")).containsExactly("1", "2", "3", "4", "5", "6", "7");
        client.transport().complete();
        node.run();
        assertThat(client.transport().isUnderWay()).isFalse();
        node.publish("a", 8, 8);
        assertThat(client.data("a")).hasSize(8);
    }

    @Test
    void a_hundred_thousand_completions_on_the_senders_stack_do_not_deepen_it() {
        WireClient client = oneMessageABatch(100_000);

        client.subscribe(9, "a", ",\"history\":100000");
        node.run();

        assertThat(client.transport().batches()).hasSizeGreaterThan(19_000);
        assertThat(client.offsets("a")).isEqualTo(offsets(100_000));
    }

    @Test
    void a_quick_client_does_not_keep_the_thread_that_feeds_the_others() {
        WireClient quick = oneMessageABatch(3_000);
        quick.subscribe(9, "a", ",\"history\":3000");
        int before = quick.transport().batches().size();
        node.executors.delivery().hold();
        node.run();

        assertThat(quick.transport().batches().size() - before).isBetween(1, 19);
        node.executors.delivery().letGo();
        node.run();
        assertThat(quick.offsets("a")).isEqualTo(offsets(3_000));
    }

    @ParameterizedTest
    @EnumSource(names = {"THROWS", "THROWS_AN_ERROR"})
    void a_transport_that_throws_ends_its_own_connection_and_no_other(ScriptedTransport.Mode mode) {
        List<WireClient> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clients.add(subscribed("room.a"));
        }
        List<WireClient> broken = List.of(clients.get(3), clients.get(7));
        broken.forEach(client -> client.transport().mode(mode));

        node.publish("room.a", 1, 5);

        broken.forEach(client -> client.transport().mode(ScriptedTransport.Mode.AT_ONCE));
        node.publish("room.a", 6, 6);
        assertThat(clients)
                .allSatisfy(client -> assertThat(client.data("room.a")).hasSize(broken.contains(client) ? 0 : 6));
        assertThat(broken)
                .allSatisfy(client -> assertThat(client.transport().closed()).hasValue(DisconnectCode.INTERNAL));
        assertThat(node.connections().size()).isEqualTo(8);
    }

    @Test
    void a_transport_that_throws_when_it_is_closed_harms_nobody_either() {
        WireClient hostile = subscribed("a");
        WireClient other = subscribed("a");
        hostile.transport().mode(ScriptedTransport.Mode.LATER);
        node.publish("a", 1, 1);
        hostile.transport().mode(ScriptedTransport.Mode.THROWS);
        hostile.conversation().connection().close(DisconnectCode.RESTART);
        hostile.transport().complete();

        node.publish("a", 2, 3);

        assertThat(other.data("a")).containsExactly("1", "2", "3");
        assertThat(node.connections().size()).isEqualTo(1);
    }

    @Test
    void a_send_that_fails_later_ends_the_connection() {
        WireClient client = subscribed("a");
        client.transport().mode(ScriptedTransport.Mode.LATER);
        node.publish("a", 1, 1);

        client.transport().fail();
        node.publish("a", 2, 2);

        assertThat(client.transport().closed()).hasValue(DisconnectCode.INTERNAL);
        assertThat(node.connections().size()).isZero();
        assertThat(client.data("a")).containsExactly("1");
    }

    @Test
    void replies_go_before_channel_data() {
        WireClient client = subscribed("a");
        client.transport().mode(ScriptedTransport.Mode.LATER);
        node.publish("a", 1, 5);
        client.send("{\"id\":7,\"ping\":{}}", "{\"id\":8,\"ping\":{}}");
        int seen = client.lines().size();

        client.transport().complete();

        assertThat(client.lines().get(seen).getInt("id")).isEqualTo(7);
        assertThat(client.lines().get(seen + 1).getInt("id")).isEqualTo(8);
        assertThat(client.data("a")).hasSize(5);
    }

    @Test
    void channels_take_turns() {
        WireClient client = subscribed("a");
        client.subscribe(2, "b", "");
        client.subscribe(3, "c", "");
        node.run();
        client.transport().mode(ScriptedTransport.Mode.LATER);
        node.say("a", "0");
        String large = "\"" + "x".repeat(12_000) + "\"";
        for (int i = 0; i < 6; i++) {
            node.say("a", large);
        }
        node.say("b", "1");
        node.say("c", large);

        List<String> order = new ArrayList<>();
        while (client.transport().isUnderWay()) {
            int before = client.lines().size();
            client.transport().complete();
            node.run();
            client.lines().stream().skip(before).forEach(line -> order.add(line.getString("channel")));
        }

        assertThat(order).hasSize(8);
        assertThat(order.indexOf("b")).isLessThan(4);
        assertThat(order.indexOf("c")).isLessThan(6);
    }

    @Test
    void a_single_channels_batch_is_shared_as_it_is() {
        WireClient one = subscribed("a");
        WireClient two = subscribed("a");
        one.lines();
        two.lines();
        node.publish("a", 1, 1);

        assertThat(one.transport().batches()).hasSize(1);
        assertThat(one.transport().batches().get(0))
                .isSameAs(two.transport().batches().get(0));
    }

    @Test
    void clients_with_buffers_of_nearly_the_same_size_share_their_batches_too() {
        WireClient one = new WireClient(node.connections());
        WireClient two = new WireClient(node.connections());
        one.send("{\"id\":1,\"connect\":{\"max-message\":9000}}", "{\"id\":2,\"subscribe\":{\"channel\":\"a\"}}");
        two.send("{\"id\":1,\"connect\":{\"max-message\":9999}}", "{\"id\":2,\"subscribe\":{\"channel\":\"a\"}}");
        node.run();
        one.lines();
        two.lines();
        node.publish("a", 1, 1);

        assertThat(one.transport().batches().get(0))
                .isSameAs(two.transport().batches().get(0));
    }

    @Test
    void a_send_that_is_not_taken_in_time_ends_the_connection_as_slow() {
        WireClient client = subscribed("a");
        client.transport().mode(ScriptedTransport.Mode.LATER);
        node.publish("a", 1, 1);
        Connection connection = client.conversation().connection();

        connection.check(System.nanoTime() + TimeUnit.SECONDS.toNanos(20));
        assertThat(client.transport().closed()).isEmpty();
        connection.check(System.nanoTime() + TimeUnit.SECONDS.toNanos(31));

        assertThat(client.transport().closed()).hasValue(DisconnectCode.SLOW);
        assertThat(node.connections().size()).isZero();
        client.transport().complete();
        assertThat(client.data("a")).containsExactly("1");
    }

    @Test
    void a_peer_that_does_not_answer_a_ping_is_silent_and_one_that_does_is_not() {
        WireClient silent = subscribed("a");
        WireClient alive = subscribed("a");
        long later = System.nanoTime() + TimeUnit.SECONDS.toNanos(26);
        for (WireClient client : List.of(silent, alive)) {
            client.conversation().connection().check(later);
            client.conversation().connection().check(later + TimeUnit.SECONDS.toNanos(10));
            assertThat(client.transport().pings()).isEqualTo(1);
        }
        alive.conversation().connection().heard();

        silent.conversation().connection().check(later + TimeUnit.SECONDS.toNanos(16));
        alive.conversation().connection().check(System.nanoTime() + TimeUnit.SECONDS.toNanos(16));

        assertThat(silent.transport().closed()).hasValue(DisconnectCode.SILENT);
        assertThat(alive.transport().closed()).isEmpty();
    }

    @Test
    void who_was_not_pinged_since_a_send_was_under_way_is_not_silent() {
        WireClient client = subscribed("a");
        client.transport().mode(ScriptedTransport.Mode.LATER);
        node.publish("a", 1, 1);
        Connection connection = client.conversation().connection();
        long later = System.nanoTime() + TimeUnit.SECONDS.toNanos(26);
        connection.check(later);
        assertThat(client.transport().pings()).isZero();
        client.transport().complete();

        connection.check(later + TimeUnit.SECONDS.toNanos(16));

        assertThat(client.transport().closed()).isEmpty();
        assertThat(client.transport().pings()).isEqualTo(1);
    }

    @Test
    void the_last_word_follows_what_is_under_way_and_the_end_follows_the_last_word() {
        WireClient client = subscribed("a");
        client.transport().mode(ScriptedTransport.Mode.LATER);
        node.publish("a", 1, 3);
        client.send("{\"id\":7,\"ping\":{}}");
        client.conversation().connection().close(DisconnectCode.RESTART);
        client.conversation().connection().close(DisconnectCode.TOO_LARGE);
        assertThat(client.disconnected()).isEmpty();

        client.transport().complete();
        assertThat(client.isAnswered(7)).isTrue();
        client.transport().complete();
        assertThat(client.disconnected()).hasValue("restart");
        assertThat(client.transport().closed()).isEmpty();
        client.transport().complete();

        assertThat(client.transport().closed()).hasValue(DisconnectCode.RESTART);
        assertThat(client.data("a")).containsExactly("1");
    }

    @Test
    void when_no_thread_takes_the_sending_the_connection_ends_so_that_the_client_comes_back() {
        readLargePages();
        WireClient client = subscribed("a");
        node.publishElsewhere("a", 1, 3_000);
        client.send("{\"id\":8,\"unsubscribe\":{\"channel\":\"a\"}}");
        client.conversation().connection().limitMessages(1);
        client.subscribe(9, "a", ",\"history\":3000");
        node.executors.delivery().reject(true);
        node.run();

        assertThat(client.transport().closed()).hasValue(DisconnectCode.RESTART);
        assertThat(node.connections().size()).isZero();
    }

    @Test
    void a_form_that_fails_ends_the_connections_that_read_in_it() {
        ScriptedTransport transport = new ScriptedTransport();
        Connection connection = node.connections().open(transport, new Representation() {
            @Override
            public Optional<Encoded> encode(Push push) {
                throw new IllegalStateException("as the test wants it");
            }

            @Override
            public boolean joins() {
                return false;
            }
        });
        connection.identify(Identity.SERVER);
        var unused = connection.subscribe(Start.now("a")).thenAccept(Subscription::start);
        WireClient other = subscribed("a");

        node.publish("a", 1, 2);

        assertThat(transport.closed()).hasValue(DisconnectCode.INTERNAL);
        assertThat(other.data("a")).containsExactly("1", "2");
    }

    @Test
    void a_composition_joins_lines_up_to_its_bound() {
        BatchComposer composer = new BatchComposer(WireRepresentation.whole(), 10);
        composer.add(Encoded.Text.of("aaaa"));
        composer.add(Encoded.Text.of("bbbbb"));
        composer.add(Encoded.Text.of("c"));
        composer.add(new Encoded.Binary(Bytes.wrap(new byte[] {1})));
        composer.add(Encoded.Text.of("dd"));

        Batch batch = composer.batch();

        assertThat(batch.pieces())
                .containsExactly(
                        new Encoded.Text("aaaa\nbbbbb", 10),
                        Encoded.Text.of("c"),
                        new Encoded.Binary(Bytes.wrap(new byte[] {1})),
                        Encoded.Text.of("dd"));
    }

    /** A client that takes one message at a time, and has yet to subscribe to a channel with so many. */
    private WireClient oneMessageABatch(int messages) {
        readLargePages();
        WireClient client = subscribed("a");
        node.publishElsewhere("a", 1, messages);
        client.send("{\"id\":8,\"unsubscribe\":{\"channel\":\"a\"}}");
        client.conversation().connection().limitMessages(1);
        return client;
    }

    /** So that pages do not end before the client's turn does. */
    private void readLargePages() {
        node.memory = new HubSettings(
                8,
                64 * 1024,
                1 << 30,
                10_000,
                1 << 20,
                1 << 20,
                Duration.ofMinutes(1),
                Duration.ofSeconds(5),
                3,
                1_000,
                1 << 16);
    }

    private static List<Long> offsets(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    private WireClient subscribed(String channel) {
        WireClient client = new WireClient(node.connections());
        client.subscribe(1, channel, "");
        node.run();
        assertThat(client.reply(1)).containsKey("subscribed");
        node.executors.pass(Duration.ZERO);
        return client;
    }
}
