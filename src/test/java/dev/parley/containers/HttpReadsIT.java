package dev.parley.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.arquillian.Wars;
import dev.parley.e2e.EventStream;
import dev.parley.e2e.HttpApiClient;
import dev.parley.e2e.TestClient;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Publishing and reading over HTTP, where what waits goes through each container's own asynchronous writing. */
@ExtendWith(ArquillianExtension.class)
@Timeout(120)
class HttpReadsIT {
    private static final int MESSAGE_SIZE = 1_000_000;

    /** More than any container has threads for requests. */
    private static final int MANY = 300;

    @ArquillianResource
    private URL base;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.with(Map.of(
                "parley.limits.message-size",
                Integer.toString(MESSAGE_SIZE),
                "parley.limits.commands-per-second",
                "0",
                "parley.limits.publish-bytes-per-second",
                "0",
                "parley.limits.send-timeout",
                "5s",
                "parley.limits.body-timeout",
                "10s",
                "parley.channels.there.presence",
                "true"));
    }

    @Test
    void what_is_published_is_read_at_once_and_after_a_wait() throws Exception {
        String channel = "read." + UUID.randomUUID();
        HttpApiClient asker = HttpApiClient.of(uri()).connected();
        HttpResponse<String> published = asker.say(channel, "{\"n\":1}", "Idempotency-Key", "k");
        assertThat(published.statusCode()).isEqualTo(201);
        assertThat(asker.say(channel, "{\"n\":1}", "Idempotency-Key", "k").body())
                .isEqualTo(published.body());
        assertThat(HttpApiClient.data(HttpApiClient.json(asker.get(asker.uri("channels/" + channel + "/messages")
                        .resolve(HttpApiClient.header(published, "Location"))
                        .toString()))))
                .containsExactly("{\"n\":1}");

        JsonObject read = HttpApiClient.json(asker.get("messages?channel=" + channel + "&history=5"));
        assertThat(HttpApiClient.data(read)).containsExactly("{\"n\":1}");
        CompletableFuture<HttpResponse<String>> waiting =
                asker.later("messages?channel=" + channel + "&wait=60&after=" + read.getString("position"));
        asker.say(channel, "2");
        assertThat(HttpApiClient.data(HttpApiClient.json(waiting.get(60, TimeUnit.SECONDS))))
                .containsExactly("2");
        assertThat(HttpApiClient.json(asker.get("messages?channel=" + channel + "&wait=1"))
                        .getJsonArray("messages"))
                .isEmpty();
    }

    @Test
    void bytes_are_published_and_fetched_in_parts() throws Exception {
        String channel = "bytes." + UUID.randomUUID();
        HttpApiClient asker = HttpApiClient.of(uri());
        byte[] bytes = "0123456789".repeat(90_000).getBytes(StandardCharsets.US_ASCII);
        HttpResponse<String> published = asker.post(channel, "text/plain", bytes);
        String content = "channels/" + channel + "/" + HttpApiClient.header(published, "Location");

        assertThat(published.statusCode()).isEqualTo(201);
        assertThat(asker.get(content).body()).isEqualTo("0123456789".repeat(90_000));
        HttpResponse<String> part = asker.get(content, "Range", "bytes=10-14");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo("01234");
        assertThat(HttpApiClient.problem(asker.post(channel, "text/plain", new byte[MESSAGE_SIZE + 1])))
                .isEqualTo("413 too-large");
        assertThat(HttpApiClient.problem(asker.get("messages?nonsense"))).isEqualTo("400 malformed");
    }

    @Test
    void events_come_as_they_happen_and_resume() throws Exception {
        String channel = "events." + UUID.randomUUID();
        HttpApiClient asker = HttpApiClient.of(uri());
        String last;
        try (EventStream stream = stream("events?channel=" + channel + "&heartbeat=1")) {
            assertThat(stream.nextData().orElseThrow().name()).contains("subscribed");
            asker.say(channel, "1");
            last = stream.nextData().orElseThrow().id().orElseThrow();
            assertThat(stream.next().orElseThrow().comments()).containsExactly(":");
        }
        asker.say(channel, "2");
        try (EventStream stream = stream("events?channel=" + channel, "Last-Event-ID", last)) {
            stream.nextData();
            assertThat(stream.nextData().orElseThrow().data().orElseThrow()).contains("\"data\":2");
        }
    }

    @Test
    void more_than_there_are_threads_may_wait_and_listen() throws Exception {
        String channel = "many." + UUID.randomUUID();
        HttpApiClient asker = HttpApiClient.of(uri());
        String from = HttpApiClient.json(asker.say(channel, "0")).getString("position");
        List<EventStream> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                EventStream stream = stream("events?channel=" + channel + "&after=" + from);
                waiting.add(stream);
                assertThat(stream.nextData().orElseThrow().name()).contains("subscribed");
            }
            // Last, since they wait for no more than a minute
            for (int i = 0; i < MANY; i++) {
                EventStream poll = EventStream.connect(uri());
                waiting.add(poll);
                poll.ask(uri(), "GET " + path("messages?wait=60&channel=" + channel + "&after=" + from) + " HTTP/1.1");
            }
            assertThat(asker.say(channel, "1").statusCode()).isEqualTo(201);

            for (EventStream stream : waiting.subList(0, MANY)) {
                assertThat(stream.nextData().orElseThrow().data().orElseThrow()).contains("\"data\":1");
            }
            for (EventStream poll : waiting.subList(MANY, 2 * MANY)) {
                assertThat(HttpApiClient.data(HttpApiClient.json(poll.body(poll.head()))))
                        .containsExactly("1");
            }
        } finally {
            closeAll(waiting);
        }
    }

    @Test
    void who_reads_nothing_holds_up_nobody() throws Exception {
        String channel = "slow." + UUID.randomUUID();
        HttpApiClient asker = HttpApiClient.of(uri());
        asker.say(channel, "0");
        String big = "\"" + "x".repeat(60_000) + "\"";
        List<EventStream> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                EventStream stream = stream("events?channel=" + channel);
                silent.add(stream);
            }
            try (TestClient reader = TestClient.open(uri())) {
                reader.subscribe(channel);
                for (int i = 0; i < 200; i++) {
                    assertThat(asker.say(channel, big).statusCode()).isEqualTo(201);
                }
                assertThat(reader.awaitPushes(200))
                        .allMatch(push -> push.get("data").toString().equals(big));
            }
            assertThat(HttpApiClient.data(HttpApiClient.json(asker.get("messages?channel=" + channel + "&history=1"))))
                    .containsExactly(big);
        } finally {
            closeAll(silent);
        }
    }

    @Test
    void bodies_that_drip_hold_up_nobody() throws Exception {
        String channel = "drip." + UUID.randomUUID();
        List<EventStream> dripping = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                EventStream client = EventStream.connect(uri());
                dripping.add(client);
                client.ask(
                        uri(),
                        "POST " + path("channels/" + channel + "/messages") + " HTTP/1.1",
                        "Content-Type",
                        "application/json",
                        "Content-Length",
                        "100");
                client.send("{");
            }
            assertThat(HttpApiClient.of(uri()).say(channel, "1").statusCode()).isEqualTo(201);
        } finally {
            closeAll(dripping);
        }
    }

    @Test
    void who_reads_is_present_until_it_leaves() throws Exception {
        String channel = "there." + UUID.randomUUID();
        HttpApiClient asker = HttpApiClient.of(uri()).connected();
        asker.get("messages?channel=" + channel);
        assertThat(HttpApiClient.json(asker.get("channels/" + channel + "/presence"))
                        .getInt("count"))
                .isEqualTo(1);
        assertThat(asker.ask("DELETE", "connection").statusCode()).isEqualTo(204);
        assertThat(HttpApiClient.json(asker.get("channels/" + channel + "/presence"))
                        .getInt("count"))
                .isZero();
        assertThat(asker.get("openapi.json").body()).contains("\"openapi\": \"3.1.0\"");
    }

    private static void closeAll(List<EventStream> streams) throws IOException {
        for (EventStream stream : streams) {
            stream.close();
        }
    }

    private URI uri() {
        return URI.create(base.toString());
    }

    private String path(String ofApi) {
        return base.getPath() + "api/" + ofApi;
    }

    private EventStream stream(String ofApi, String... headers) throws IOException {
        return EventStream.open(uri(), path(ofApi), headers);
    }
}
