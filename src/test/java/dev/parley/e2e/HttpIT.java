package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.standalone.StandaloneServer;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Publishing and reading over HTTP: what is asked, and how it is answered. */
@Timeout(120)
class HttpIT {
    private static final int LIMIT = 100_000;

    private static StandaloneServer server;

    private final HttpApiClient asker = HttpApiClient.of(server);

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = TestServers.start(
                folder,
                Map.of(
                        "parley.limits.message-size", Integer.toString(LIMIT),
                        "parley.limits.inline-size", "10000",
                        "parley.channels.closed.subscribe", "nobody",
                        "parley.channels.secret.presence", "nobody",
                        "parley.channels.past.history-size", "10",
                        "parley.channels.mute.publish", "users"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void json_is_published_and_found_where_the_answer_says() throws Exception {
        HttpResponse<String> answer = asker.say("a.json", "{ \"text\" : \"hi\" }");

        assertThat(answer.statusCode()).isEqualTo(201);
        JsonObject body = HttpApiClient.json(answer);
        assertThat(body.getString("channel")).isEqualTo("a.json");
        HttpResponse<String> there = asker.get(asker.uri("channels/a.json/messages")
                .resolve(HttpApiClient.header(answer, "Location"))
                .toString());
        JsonObject read = HttpApiClient.json(there);
        assertThat(HttpApiClient.data(read)).containsExactly("{\"text\":\"hi\"}");
        assertThat(read.getJsonArray("messages").getJsonObject(0).getString("position"))
                .isEqualTo(body.getString("position"));
    }

    @ParameterizedTest
    @CsvSource({
        "image/png,image/png,inline",
        "text/html,application/octet-stream,attachment",
        "image/svg+xml,application/octet-stream,attachment"
    })
    void bytes_are_published_with_their_type_and_fetched_as_they_were(String type, String served, String disposition)
            throws Exception {
        byte[] bytes = new byte[50_000];
        new Random(5).nextBytes(bytes);

        HttpResponse<String> answer = asker.post("a.bytes", type, bytes);

        assertThat(answer.statusCode()).isEqualTo(201);
        HttpResponse<byte[]> content = HttpClient.newHttpClient()
                .send(
                        asker.request(asker.uri("channels/a.bytes/messages")
                                        .resolve(HttpApiClient.header(answer, "Location"))
                                        .toString())
                                .build(),
                        BodyHandlers.ofByteArray());
        assertThat(content.body()).isEqualTo(bytes);
        assertThat(HttpApiClient.header(content, "Content-Type")).isEqualTo(served);
        assertThat(HttpApiClient.header(content, "Content-Disposition")).isEqualTo(disposition);
        assertThat(HttpApiClient.header(content, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(HttpApiClient.header(content, "Content-Security-Policy")).startsWith("sandbox");
    }

    @Test
    void bytes_however_few_are_mentioned_and_never_stand_in_a_read() throws Exception {
        asker.post("a.few", "application/x-few", new byte[] {1, 2, 3});

        JsonObject push = HttpApiClient.json(asker.get("messages?channel=a.few&history=1"))
                .getJsonArray("messages")
                .getJsonObject(0);

        assertThat(push.getString("type")).isEqualTo("application/x-few");
        assertThat(push.getInt("size")).isEqualTo(3);
        assertThat(asker.get("../" + push.getString("content")).body()).isEqualTo("\1\2\3");
    }

    @Test
    void the_same_key_again_is_answered_with_the_same_position() throws Exception {
        HttpApiClient ann = asker.connected();
        HttpResponse<String> first = ann.say("a.keys", "1", "Idempotency-Key", "k1");
        HttpResponse<String> again = ann.say("a.keys", "1", "Idempotency-Key", "k1");
        HttpResponse<String> other = ann.say("a.keys", "2", "Idempotency-Key", "k1");
        HttpResponse<String> bobs = asker.connected().say("a.keys", "2", "Idempotency-Key", "k1");

        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(HttpApiClient.json(other).getString("name")).isEqualTo("key-reused");
        assertThat(bobs.statusCode()).isEqualTo(201);
        assertThat(HttpApiClient.data(HttpApiClient.json(ann.get("messages?channel=a.keys&history=9"))))
                .containsExactly("1", "2");
    }

    @Test
    void a_body_over_the_limit_is_refused_before_it_is_stored() throws Exception {
        byte[] large = new byte[LIMIT + 1];

        assertThat(HttpApiClient.problem(asker.post("a.large", "text/plain", large)))
                .isEqualTo("413 too-large");
        HttpResponse<String> chunked = HttpClient.newHttpClient()
                .send(
                        asker.request("channels/a.large/messages")
                                .header("Content-Type", "text/plain")
                                .POST(BodyPublishers.ofByteArrays(
                                        List.of(new byte[LIMIT / 2], new byte[LIMIT / 2], new byte[1])))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(HttpApiClient.problem(chunked)).isEqualTo("413 too-large");
        assertThat(asker.post("a.large", "text/plain", new byte[LIMIT]).statusCode())
                .isEqualTo(201);
        assertThat(HttpApiClient.json(asker.get("messages?channel=a.large&history=9"))
                        .getJsonArray("messages"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json                | {\"a\":       | 400 | malformed",
                "application/json                | 1 2           | 400 | malformed",
                "application/json; charset=utf-16 | 1            | 415 | unsupported-type",
                "nonsense                        | 1             | 415 | unsupported-type"
            })
    void what_cannot_be_a_message_is_refused(String type, String body, int status, String name) throws Exception {
        HttpResponse<String> answer = asker.post("a.bad", type, body.getBytes(StandardCharsets.UTF_8));

        assertThat(HttpApiClient.problem(answer)).isEqualTo(status + " " + name);
    }

    @Test
    void a_body_that_does_not_say_what_it_is_is_refused() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        asker.request("channels/a.bad/messages")
                                .POST(BodyPublishers.ofString("1"))
                                .build(),
                        BodyHandlers.ofString());

        assertThat(HttpApiClient.problem(answer)).isEqualTo("415 unsupported-type");
    }

    @Test
    void json_that_is_not_utf_8_is_refused() throws Exception {
        HttpResponse<String> answer =
                asker.post("a.bad", "application/json", new byte[] {'"', (byte) 0xc3, (byte) 0x28, '"'});

        assertThat(HttpApiClient.problem(answer)).isEqualTo("400 malformed");
        assertThat(HttpApiClient.json(answer).getString("detail")).isEqualTo("The body is not UTF-8.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            messages                                | The parameter channel names 1 to 32 channels.
            messages?channel=a&channel=a            | A channel is named twice.
            messages?channel=a&wait=61              | The parameter wait is a number from 0 to 60, not '61'.
            messages?channel=a&wait=-1              | The parameter wait is a number from 0 to 60, not '-1'.
            messages?channel=a&wait=x               | The parameter wait is a number from 0 to 60, not 'x'.
            messages?channel=a&limit=0              | The parameter limit is a number from 1 to 1000, not '0'.
            messages?channel=a&limit=1001           | The parameter limit is a number from 1 to 1000, not '1001'.
            messages?channel=a&limit=1&limit=2      | The parameter limit is there twice.
            messages?channel=a&presence=yes         | The parameter presence is true or false.
            messages?channel=a&padding=true         | There is no parameter 'padding' here.
            messages?channel=a&after=nonsense       | 'nonsense' is no position, such as k3f9:41.
            messages?channel=a&channel=b&after=k:1  | The position 'k:1' is none that an answer gave, such as a@k3f9:41,b@7x:3.
            messages?channel=a&after=k:1&after=k:2  | The parameter after is there once, or as often as channel.
            messages?channel=a%ff                   | Escapes hide what is no UTF-8.
            messages?chanel=a                       | There is no parameter 'chanel' here.
            channels/a/messages?channel=b           | There is no parameter 'channel' here.
            channels/a/messages?before=x            | The parameter before is a position, such as k3f9:41, or empty.
            channels/a/messages?before=&wait=1      | There is no parameter 'wait' here.
            channels/a/messages?before=&limit=1001  | The parameter limit is a number from 1 to 1000, not '1001'.
            events                                  | The parameter channel names 1 to 32 channels.
            events?channel=a&heartbeat=0            | The parameter heartbeat is a number from 1 to 60, not '0'.
            events?channel=a&heartbeat=61           | The parameter heartbeat is a number from 1 to 60, not '61'.
            events?channel=a&wait=1                 | There is no parameter 'wait' here.
            """)
    void what_is_not_asked_for_rightly_is_refused_with_a_sentence(String path, String sentence) throws Exception {
        HttpResponse<String> answer = asker.get(path);

        assertThat(HttpApiClient.problem(answer)).isEqualTo("400 malformed");
        assertThat(HttpApiClient.json(answer).getString("detail")).isEqualTo(sentence);
    }

    @Test
    void a_name_that_no_channel_can_have_is_refused_as_such() throws Exception {
        assertThat(HttpApiClient.problem(asker.get("messages?channel=-bad"))).isEqualTo("400 invalid-name");
    }

    @Test
    void one_read_goes_on_where_the_one_before_has_ended() throws Exception {
        for (int i = 1; i <= 5; i++) {
            asker.say("a.go", Integer.toString(i));
            asker.say("a.on", Integer.toString(10 * i));
        }
        JsonObject first = HttpApiClient.json(asker.get("messages?channel=a.go&channel=a.on&history=5&limit=3"));
        assertThat(first.getBoolean("recovered")).isTrue();
        List<Integer> seen = new ArrayList<>(numbers(first));
        assertThat(seen).hasSize(3);
        String position = first.getString("position");
        while (seen.size() < 10) {
            JsonObject next =
                    HttpApiClient.json(asker.get("messages?channel=a.go&channel=a.on&limit=3&after=" + position));
            assertThat(next.getJsonArray("messages")).isNotEmpty();
            seen.addAll(numbers(next));
            position = next.getString("position");
        }
        assertThat(seen).filteredOn(number -> number < 10).containsExactly(1, 2, 3, 4, 5);
        assertThat(seen).filteredOn(number -> number >= 10).containsExactly(10, 20, 30, 40, 50);
        JsonObject end = HttpApiClient.json(asker.get("messages?channel=a.go&channel=a.on&after=" + position));
        assertThat(end.getJsonArray("messages")).isEmpty();
        assertThat(end.getString("position")).isEqualTo(position);
        assertThat(end.getJsonArray("channels"))
                .allSatisfy(entry -> assertThat(entry.asJsonObject().getString("position"))
                        .isEqualTo(entry.asJsonObject().getString("head")));
    }

    private static List<Integer> numbers(JsonObject read) {
        return HttpApiClient.data(read).stream().map(Integer::valueOf).toList();
    }

    @Test
    void each_channel_may_be_read_on_from_a_position_of_its_own() throws Exception {
        String one = HttpApiClient.json(asker.say("a.one", "1")).getString("position");
        asker.say("a.one", "2");
        asker.say("a.two", "3");

        // What must be read from the log first may come with the next read
        List<String> data = new ArrayList<>();
        String after = "after=" + one + "&after=&history=9";
        while (data.size() < 2) {
            JsonObject read = HttpApiClient.json(asker.get("messages?channel=a.one&channel=a.two&" + after));
            data.addAll(HttpApiClient.data(read));
            after = "after=" + read.getString("position");
        }
        assertThat(data).containsExactlyInAnyOrder("2", "3");
    }

    @Test
    void what_is_gone_is_told() throws Exception {
        for (int i = 1; i <= 30; i++) {
            asker.say("past.a", Integer.toString(i));
        }
        String epoch = HttpApiClient.json(asker.say("past.a", "31"))
                .getString("position")
                .replaceFirst(":.*", "");
        await().atMost(TestClient.PATIENCE)
                .until(() -> !HttpApiClient.json(asker.get("messages?channel=past.a&after=" + epoch + ":1"))
                        .getBoolean("recovered"));

        JsonObject read = HttpApiClient.json(asker.get("messages?channel=past.a&after=" + epoch + ":1"));
        JsonObject other = HttpApiClient.json(asker.get("messages?channel=past.a&after=other:1"));

        JsonObject entry = read.getJsonArray("channels").getJsonObject(0);
        assertThat(entry.getBoolean("recovered")).isFalse();
        assertThat(entry.getJsonObject("lost").getString("after")).isEqualTo(epoch + ":1");
        assertThat(HttpApiClient.data(read)).endsWith("30", "31");
        assertThat(other.getBoolean("recovered")).isFalse();
    }

    @Test
    void a_look_back_is_as_on_the_wire() throws Exception {
        for (int i = 1; i <= 5; i++) {
            asker.say("a.back", Integer.toString(i));
        }
        JsonObject newest = HttpApiClient.json(asker.get("channels/a.back/messages?before=&limit=2"));
        assertThat(HttpApiClient.data(newest)).containsExactly("4", "5");
        assertThat(newest.getBoolean("more")).isTrue();
        String oldest = newest.getJsonArray("messages").getJsonObject(0).getString("position");
        JsonObject older = HttpApiClient.json(asker.get("channels/a.back/messages?before=" + oldest));
        assertThat(HttpApiClient.data(older)).containsExactly("1", "2", "3");
        assertThat(older.getBoolean("more")).isFalse();
    }

    @Test
    void one_forbidden_channel_is_told_beside_the_others_and_alone_is_the_answer() throws Exception {
        asker.say("a.open", "1");

        JsonObject read = HttpApiClient.json(asker.get("messages?channel=closed.a&channel=a.open&history=1"));
        HttpResponse<String> alone = asker.get("messages?channel=closed.a");
        HttpResponse<String> stream = asker.get("events?channel=closed.a");

        assertThat(read.getJsonArray("channels")
                        .getJsonObject(0)
                        .getJsonObject("error")
                        .getString("name"))
                .isEqualTo("not-allowed");
        assertThat(HttpApiClient.data(read)).containsExactly("1");
        assertThat(HttpApiClient.problem(alone)).isEqualTo("403 not-allowed");
        assertThat(HttpApiClient.problem(stream)).isEqualTo("403 not-allowed");
        assertThat(HttpApiClient.problem(asker.say("mute.a", "1"))).isEqualTo("403 not-allowed");
        assertThat(HttpApiClient.problem(asker.get("channels/secret.a/presence")))
                .isEqualTo("403 not-allowed");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, messages, 'GET, HEAD, OPTIONS'",
        "PUT, events, 'GET, HEAD, OPTIONS'",
        "DELETE, messages, 'GET, HEAD, OPTIONS'",
        "PUT, channels/a/messages, 'GET, HEAD, OPTIONS, POST'"
    })
    void other_methods_are_refused(String method, String path, String allowed) throws Exception {
        HttpResponse<String> answer = asker.ask(method, path);

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(HttpApiClient.header(answer, "Allow")).isEqualTo(allowed);
    }

    @Test
    void a_read_never_brings_more_than_a_batch_unless_it_is_one_message() throws Exception {
        String text = "\"" + "y".repeat(9_000) + "\"";
        for (int i = 0; i < 6; i++) {
            asker.say("a.big", text);
        }
        HttpResponse<String> answer = asker.get("messages?channel=a.big&history=6");

        assertThat(HttpApiClient.json(answer).getJsonArray("messages")).hasSizeBetween(2, 3);
        JsonValue head = HttpApiClient.json(answer)
                .getJsonArray("channels")
                .getJsonObject(0)
                .get("head");
        assertThat(head.toString()).isNotEqualTo(HttpApiClient.json(answer).getString("position"));
    }
}
