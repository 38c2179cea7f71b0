package dev.parley.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.security.ChannelPolicy.Action;
import dev.parley.testing.ManualNode;
import dev.parley.testing.WireClient;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client is answered that asks for older messages. */
class LookBackTest {
    private final ManualNode node = new ManualNode();
    private WireClient client;

    @BeforeEach
    void connect() {
        node.policy = (identity, action, channel) -> action != Action.HISTORY || !channel.equals("secret");
        client = new WireClient(node.connections());
    }

    @Test
    void olderMessagesComeInOrderUpToTheOneThatIsKnown() {
        node.publish("a", 1, 20);

        JsonObject reply = ask(1, "\"channel\":\"a\",\"before\":\"e1:11\",\"limit\":3");

        assertThat(data(reply)).containsExactly("8", "9", "10");
        assertThat(reply.getBoolean("more")).isTrue();
        JsonObject message = reply.getJsonArray("messages").getJsonObject(0);
        assertThat(message.getString("channel")).isEqualTo("a");
        assertThat(message.getString("position")).isEqualTo("e1:8");
        assertThat(message.getJsonObject("from").getString("user")).isEqualTo("server");
    }

    @Test
    void theBeginningIsTold() {
        node.publish("a", 1, 20);

        JsonObject reply = ask(1, "\"channel\":\"a\",\"before\":\"e1:3\"");

        assertThat(data(reply)).containsExactly("1", "2");
        assertThat(reply.getBoolean("more")).isFalse();
    }

    @Test
    void withoutAPlaceTheNewestFiftyCome() {
        node.publish("a", 1, 60);

        JsonObject reply = ask(1, "\"channel\":\"a\"");

        assertThat(data(reply))
                .isEqualTo(IntStream.rangeClosed(11, 60)
                        .mapToObj(Integer::toString)
                        .toList());
    }

    @Test
    void whatTheHistoryNoLongerHoldsIsNotPromised() {
        node.publish("a", 1, 20);
        node.log.trimTo("a", 9);

        JsonObject reply = ask(1, "\"channel\":\"a\",\"before\":\"e1:12\"");

        assertThat(data(reply)).containsExactly("9", "10", "11");
        assertThat(reply.getBoolean("more")).isFalse();
        assertThat(data(ask(2, "\"channel\":\"a\",\"before\":\"e1:5\""))).isEmpty();
    }

    @Test
    void aReplyHoldsAsManyAsFitTheClient() {
        client.send("{\"id\":1,\"connect\":{\"max-message\":1024}}");
        for (int i = 0; i < 20; i++) {
            node.say("a", "\"" + "é".repeat(100) + "\"");
        }

        JsonObject first = ask(2, "\"channel\":\"a\"");
        String line = client.reply(2).toString();
        String oldest = first.getJsonArray("messages").getJsonObject(0).getString("position");
        JsonObject second = ask(3, "\"channel\":\"a\",\"before\":\"" + oldest + "\"");

        assertThat(line.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(1024);
        assertThat(data(first)).isNotEmpty();
        assertThat(first.getBoolean("more")).isTrue();
        assertThat(second.getJsonArray("messages").getJsonObject(0).getString("position"))
                .isNotEqualTo(oldest);
        assertThat(data(second)).isNotEmpty();
    }

    @Test
    void aMessageLargerThanTheClientTakesIsMentioned() {
        client.send("{\"id\":1,\"connect\":{\"max-message\":1024}}");
        node.say("a", "\"" + "x".repeat(5_000) + "\"");

        JsonObject reply = ask(2, "\"channel\":\"a\"");

        JsonObject message = reply.getJsonArray("messages").getJsonObject(0);
        assertThat(message.getInt("size")).isEqualTo(5_002);
        assertThat(message.getString("content")).isEqualTo("api/channels/a/messages/e1:1/content");
    }

    @Test
    void bytesAreMentioned() {
        var unused =
                node.channels().publish("typing.a", new Body.Binary("image/png", Bytes.wrap(new byte[] {1, 2, 3})));
        node.run();

        JsonObject message =
                ask(1, "\"channel\":\"typing.a\"").getJsonArray("messages").getJsonObject(0);

        assertThat(message.getString("type")).isEqualTo("image/png");
        assertThat(message.getInt("size")).isEqualTo(3);
    }

    @Test
    void aTransientChannelHasWhatMemoryHolds() {
        node.publish("typing.a", 1, 20);

        JsonObject reply = ask(1, "\"channel\":\"typing.a\",\"limit\":3");

        assertThat(data(reply)).containsExactly("18", "19", "20");
        assertThat(reply.getBoolean("more")).isTrue();
    }

    @Test
    void anEmptyChannelHasNoPast() {
        JsonObject reply = ask(1, "\"channel\":\"none\"");

        assertThat(data(reply)).isEmpty();
        assertThat(reply.getBoolean("more")).isFalse();
        assertThat(data(ask(2, "\"channel\":\"none\",\"before\":\"0:0\""))).isEmpty();
    }

    @Test
    void aPlaceOfAnotherLifeOfTheLogIsNotFound() {
        node.publish("a", 1, 3);
        node.log.lose("a");
        node.publish("a", 1, 3);
        command(1, "\"channel\":\"a\",\"before\":\"e1:3\"");

        assertThat(client.error(1)).isEqualTo("not-found");
    }

    @Test
    void whoMayNotSeeTheHistoryIsRefused() {
        command(1, "\"channel\":\"secret\"");

        assertThat(client.error(1)).isEqualTo("not-allowed");
    }

    @Test
    void aLimitOfNothingIsMalformed() {
        command(1, "\"channel\":\"a\",\"limit\":0");

        assertThat(client.error(1)).isEqualTo("malformed");
    }

    @Test
    void commandsBehindItWaitForIt() {
        node.publish("a", 1, 3);
        node.threads.reads().hold();
        client.send("{\"id\":1,\"history\":{\"channel\":\"a\"}}", "{\"id\":2,\"ping\":{}}");
        assertThat(client.lines()).isEmpty();
        node.threads.reads().letGo();
        node.run();

        assertThat(client.lines()).extracting(line -> line.getInt("id")).containsExactly(1, 2);
    }

    private void command(int id, String members) {
        client.send("{\"id\":" + id + ",\"history\":{" + members + "}}");
        node.run();
    }

    private JsonObject ask(int id, String members) {
        command(id, members);
        return client.reply(id).getJsonObject("history");
    }

    private static List<String> data(JsonObject reply) {
        return reply.getJsonArray("messages").getValuesAs(JsonObject.class).stream()
                .map(message -> message.get("data").toString())
                .toList();
    }
}
