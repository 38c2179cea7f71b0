package dev.parley.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.DisconnectCode;
import dev.parley.testing.ManualNode;
import dev.parley.testing.ScriptedTransport;
import dev.parley.testing.TestLimits;
import dev.parley.testing.WireClient;
import dev.parley.wire.CommandReader;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A slow or hostile client harms only itself. */
class HostileClientTest {
    private final ManualNode node = new ManualNode();

    @Test
    void each_bad_line_is_answered_and_the_connection_goes_on() {
        WireClient client = client();
        client.send(
                "nonsense", "{\"id\":1,\"fly\":{}}", "{\"id\":2,\"publish\":{\"channel\":\"a\\u0000\",\"data\":1}}");
        client.send("{\"id\":3,\"ping\":{}}");

        assertThat(client.errors()).containsExactly("malformed", "unknown-command", "invalid-name");
        assertThat(client.error(1)).isEqualTo("unknown-command");
        assertThat(client.error(2)).isEqualTo("invalid-name");
        assertThat(client.reply(3)).containsKey("pong");
    }

    @Test
    void commands_too_fast_are_an_error_each_and_who_does_not_listen_is_cut_off() {
        node.limits = TestLimits.commands(1, 20);
        WireClient client = client();
        pings(client, 0, 30);
        assertThat(client.matching(line -> line.containsKey("pong"))).hasSizeBetween(20, 29);
        assertThat(client.errors()).isNotEmpty().containsOnly("too-many-commands");
        assertThat(client.transport().closed()).isEmpty();

        pings(client, 30, 200);

        assertThat(client.disconnected()).hasValue("too-many-commands");
        assertThat(client.transport().closed()).hasValue(DisconnectCode.TOO_MANY_COMMANDS);
        assertThat(client.errors()).hasSizeLessThan(60);
    }

    @Test
    void a_message_of_many_faults_is_read_no_further_than_to_its_senders_end() {
        WireClient client = client();
        client.conversation().receive(CommandReader.read("x\n".repeat(2_000_000)));

        assertThat(client.disconnected()).hasValue("too-many-commands");
        assertThat(client.errors()).hasSizeLessThan(10_000);
    }

    @Test
    void what_is_sent_after_the_end_is_not_done() {
        WireClient client = client();
        client.conversation().connection().close(DisconnectCode.TOO_LARGE);
        client.publish(1, "a", "1");
        node.run();

        assertThat(client.isAnswered(1)).isFalse();
        assertThat(client.disconnected()).hasValue("too-large");
        assertThat(node.log.head("a").last()).isZero();
    }

    @Test
    void who_asks_and_does_not_read_the_replies_is_cut_at_once_and_holds_no_more() {
        node.limits = TestLimits.commands(0, 2_000);
        WireClient client = client();
        client.subscribe(1, "room.a", "");
        node.run();
        client.transport().mode(ScriptedTransport.Mode.LATER);
        for (int i = 2; i < 100_000; i++) {
            client.send("{\"id\":" + i + ",\"presence\":{\"channel\":\"room.a\"}}");
        }
        assertThat(client.matching(line -> line.containsKey("presence"))).hasSizeLessThan(10);
        assertThat(client.transport().closed()).hasValue(DisconnectCode.REPLIES_UNREAD);
        assertThat(node.connections().size()).isZero();
    }

    @Test
    void publishes_under_way_are_bounded() {
        WireClient client = client();
        node.executors.writer().hold();
        for (int i = 0; i < 300; i++) {
            client.publish(i, "a", "1");
        }
        assertThat(client.errors()).hasSize(44).containsOnly("too-many-publishes");
        node.executors.writer().letGo();
        node.run();
        client.publish(1_000, "a", "1");
        node.run();

        assertThat(client.published(1_000)).isEqualTo("e1:257");
    }

    @Test
    void what_waits_for_a_subscribe_is_bounded_in_number_and_in_bytes() {
        WireClient many = client();
        WireClient large = client();
        node.executors.reads().hold();
        many.subscribe(0, "a", ",\"history\":9");
        large.subscribe(0, "a", ",\"history\":9");
        pings(many, 1, 1_200);
        String megabyte = "\"" + "x".repeat(1_000_000) + "\"";
        for (int i = 1; i <= 20; i++) {
            large.publish(i, "b", megabyte);
        }
        assertThat(many.errors()).hasSize(175).containsOnly("too-many-commands");
        assertThat(large.errors()).hasSize(15).containsOnly("too-many-commands");

        node.executors.reads().letGo();
        node.run();

        assertThat(many.matching(line -> line.containsKey("pong"))).hasSize(1_024);
        assertThat(large.matching(line -> line.containsKey("published"))).hasSize(5);
    }

    @Test
    void subscriptions_are_bounded() {
        WireClient client = client();
        List<String> starts = IntStream.range(0, 300)
                .mapToObj(i -> "{\"channel\":\"c" + i + "\"}")
                .toList();
        client.send("{\"id\":1,\"subscribe\":[" + String.join(",", starts) + "]}");
        node.run();

        var results = client.reply(1).getJsonArray("subscribed");
        assertThat(results.getValuesAs(JsonObject.class).subList(0, 256))
                .noneMatch(result -> result.containsKey("error"));
        assertThat(results.getValuesAs(JsonObject.class).subList(256, 300))
                .extracting(result -> result.getJsonObject("error").getString("name"))
                .containsOnly("too-many-subscriptions");
        client.send("{\"id\":2,\"unsubscribe\":{\"channel\":\"c0\"}}");
        client.subscribe(3, "new", "");
        node.run();
        assertThat(client.reply(3)).containsKey("subscribed");
    }

    @Test
    void a_client_with_small_buffers_is_sent_nothing_larger() {
        WireClient publisher = client();
        WireClient small = client();
        small.send("{\"id\":1,\"connect\":{\"max-message\":1100}}", "{\"id\":2,\"subscribe\":{\"channel\":\"a\"}}");
        node.run();
        small.transport().mode(ScriptedTransport.Mode.LATER);
        for (int i = 1; i <= 40; i++) {
            publisher.publish(i, "a", "\"" + "é".repeat(i * 40) + "\"");
        }
        node.run();
        List<Integer> sizes = new ArrayList<>();
        while (small.transport().isUnderWay()) {
            small.transport().batches().forEach(batch -> batch.pieces().forEach(piece -> sizes.add(piece.size())));
            small.lines();
            small.transport().complete();
            node.run();
        }

        assertThat(sizes).hasSizeGreaterThan(5).allMatch(size -> size <= 1_100);
        assertThat(small.messages("a")).hasSize(40);
        assertThat(small.messages("a").get(0)).containsKey("data");
        assertThat(small.messages("a").get(39))
                .doesNotContainKey("data")
                .containsEntry("content", Json.createValue("api/channels/a/messages/e1:40/content"))
                .containsEntry("type", Json.createValue("application/json"))
                .containsEntry("size", Json.createValue(3_202));
    }

    @Test
    void members_with_long_names_do_not_make_presence_too_large_for_anybody() {
        String name = "界".repeat(100);
        for (int i = 0; i < 300; i++) {
            WireClient member = client();
            member.send(
                    "{\"id\":1,\"connect\":{\"name\":\"" + name + "\"}}",
                    "{\"id\":2,\"subscribe\":{\"channel\":\"room.a\"}}");
        }
        node.run();
        WireClient client = client();
        client.send(
                "{\"id\":1,\"connect\":{\"max-message\":8192}}", "{\"id\":2,\"presence\":{\"channel\":\"room.a\"}}");

        assertThat(client.transport().batches())
                .isNotEmpty()
                .allSatisfy(batch -> assertThat(batch.size()).isLessThanOrEqualTo(8_192));
        var presence = client.reply(2).getJsonObject("presence");
        assertThat(presence.getInt("count")).isEqualTo(300);
        assertThat(presence.getJsonArray("members")).hasSizeBetween(10, 30);
    }

    @Test
    void who_never_reads_costs_a_place_and_the_others_get_everything() {
        List<WireClient> readers = new ArrayList<>();
        List<WireClient> deaf = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            WireClient client = client();
            client.subscribe(1, "a", "");
            (i % 10 == 0 ? deaf : readers).add(client);
        }
        node.run();
        deaf.forEach(client -> client.transport().mode(ScriptedTransport.Mode.LATER));
        node.publish("a", 1, 1_000);

        assertThat(readers).allSatisfy(client -> assertThat(client.offsets("a")).hasSize(1_000));
        assertThat(deaf).allSatisfy(client -> assertThat(client.lines()).hasSize(2));
        assertThat(node.executors.delivery().waiting()).isZero();

        WireClient again = deaf.get(0);
        while (again.transport().isUnderWay()) {
            again.transport().complete();
            node.run();
        }
        assertThat(again.offsets("a")).isEqualTo(readers.get(0).offsets("a"));
    }

    private void pings(WireClient client, int from, int to) {
        client.send(IntStream.range(from, to)
                .mapToObj(i -> "{\"id\":" + i + ",\"ping\":{}}")
                .toArray(String[]::new));
    }

    private WireClient client() {
        return new WireClient(node.connections());
    }
}
