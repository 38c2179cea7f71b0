package dev.parley.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Identity;
import dev.parley.connection.Transport;
import dev.parley.security.Holder;
import dev.parley.testing.ManualNode;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a log has forgotten is told to who reads over HTTP as over a WebSocket, and where to read on. */
class BranchReadingTest {
    private final ManualNode node = new ManualNode();
    private final ReadRequests requests = new ReadRequests(node.connections());

    @BeforeEach
    void publish() {
        node.publish("a", 1, 20);
        node.publish("b", 1, 2);
    }

    @Test
    void a_poll_from_beyond_the_branch_says_what_is_forgotten_and_reads_on_from_there() {
        node.log.failOver("a", 10);
        node.publish("a", 101, 102);

        JsonObject answer = poll("after=e1:20");
        JsonObject place = answer.getJsonArray("channels").getJsonObject(0);
        assertThat(answer.getBoolean("recovered")).isFalse();
        assertThat(place.getBoolean("recovered")).isFalse();
        assertThat(place.getJsonObject("forgotten").toString()).isEqualTo("{\"after\":\"e1:10\",\"before\":\"e1:21\"}");
        assertThat(place.get("ancestors").toString()).isEqualTo("[[\"e1\",10]]");
        assertThat(answer.getJsonArray("messages")).hasSize(2);
        assertThat(answer.getString("position")).isEqualTo("a@e3:12");

        JsonObject next = poll("after=e1:8");
        assertThat(next.getBoolean("recovered")).isTrue();
        assertThat(next.getJsonArray("channels").getJsonObject(0)).doesNotContainKey("forgotten");
        assertThat(next.getJsonArray("messages")).hasSize(4);
    }

    @Test
    void a_poll_that_would_wait_says_it_at_once() {
        node.log.failOver("a", 10);

        JsonObject answer = poll("after=e1:20&wait=60");

        assertThat(answer.getString("position")).isEqualTo("a@e1:10");
        assertThat(answer.getJsonArray("messages")).isEmpty();
    }

    @Test
    void a_poll_that_waits_is_answered_with_it() {
        Written answer = begin("after=e1:20&wait=60");
        assertThat(answer.text()).isEmpty();
        node.log.failOver("a", 10);
        node.hub().doubtful(List.of("a"));
        node.run();

        JsonObject told = json(answer.text());
        assertThat(told.getJsonArray("messages"))
                .extracting(JsonValue::toString)
                .singleElement()
                .asString()
                .contains("\"forgotten\":{\"after\":\"e1:10\",\"before\":\"e1:21\"}");
        assertThat(told.getString("position")).isEqualTo("a@e1:10");
        assertThat(told.getJsonArray("channels").getJsonObject(0).getString("head"))
                .isEqualTo("e1:10");
    }

    @Test
    void a_stream_of_one_channel_resumes_behind_what_it_was_told_is_forgotten() {
        Written answer = stream("channel=a&after=e1:20");
        node.log.failOver("a", 10);
        node.publish("a", 101, 101);

        assertThat(answer.text())
                .contains(
                        "id: e1:10\ndata: {\"channel\":\"a\",\"forgotten\":{\"after\":\"e1:10\",\"before\":\"e1:21\"},"
                                + "\"ancestors\":[[\"e1\",10]]}\n\n",
                        "id: e3:11\ndata: {\"channel\":\"a\",\"position\":\"e3:11\"");
    }

    @Test
    void a_stream_of_several_channels_says_a_place_that_covers_it() {
        Written answer = stream("channel=a&channel=b&after=e1:20&after=e2:2");
        node.log.failOver("a", 10);
        node.hub().doubtful(List.of("a"));
        node.run();

        assertThat(answer.text()).contains("\"forgotten\"").endsWith("id: a@e1:10,b@e2:2\n\n");
    }

    private JsonObject poll(String query) {
        return json(begin(query).text());
    }

    private Written begin(String query) {
        Written answer = new Written();
        requests.poll(exchange(answer), ReadQuery.poll(Optional.of("a"), Optional.of(query)));
        node.run();
        return answer;
    }

    private Written stream(String query) {
        Written answer = new Written();
        requests.stream(exchange(answer), ReadQuery.stream(Optional.of(query), List.of()));
        node.run();
        return answer;
    }

    private ReadRequests.HttpExchange exchange(Written answer) {
        ConnectionName name = ConnectionName.fresh(node.connections().secrets());
        HttpCaller caller = new HttpCaller(Identity.SERVER, name, true, Optional.empty());
        return new ReadRequests.HttpExchange(caller, Holder.of(Identity.SERVER, "192.0.2.7"), answer, false);
    }

    private static JsonObject json(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    private static final class Written implements ResponseWriter {
        private final StringBuilder body = new StringBuilder();

        String text() {
            return body.toString();
        }

        @Override
        public void begin(int status, Map<String, String> headers, long length) {
            assertThat(status).isEqualTo(200);
        }

        @Override
        public void write(List<ByteBuffer> pieces, Transport.Completion taken) {
            pieces.forEach(piece -> body.append(StandardCharsets.UTF_8.decode(piece)));
            taken.sent();
        }

        @Override
        public void end() {}

        @Override
        public void cut() {}

        @Override
        public void whenGone(Runnable told) {}
    }
}
