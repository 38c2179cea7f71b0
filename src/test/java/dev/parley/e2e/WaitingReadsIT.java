package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.api.Channels;
import dev.parley.connection.Connections;
import dev.parley.protocol.Body;
import dev.parley.protocol.Position;
import dev.parley.security.SharedBudget;
import dev.parley.standalone.StandaloneServer;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads that wait for something or go on for long, as they look on the TCP connection. */
@Timeout(120)
class WaitingReadsIT {
    private static StandaloneServer server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = TestServers.start(
                folder,
                Map.of(
                        "parley.limits.send-timeout",
                        "5s",
                        "parley.limits.commands-per-second",
                        "0",
                        "parley.limits.publish-bytes-per-second",
                        "0"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void nothingIsLeftBehind() {
        await().atMost(TestClient.PATIENCE)
                .until(() -> server.bean(Connections.class).size() == 0);
    }

    @Test
    void a_client_that_goes_while_it_waits_leaves_nothing_behind() throws Exception {
        for (int i = 0; i < 20; i++) {
            EventStream client = EventStream.connect(server.uri());
            client.ask(server.uri(), "GET /api/messages?channel=gone.a&wait=60 HTTP/1.1");
            awaitReaders(1);
            if (i % 2 == 0) {
                client.close();
            } else {
                client.reset();
            }
            awaitReaders(0);
        }
    }

    @Test
    void a_stream_whose_client_goes_ends_at_once() throws Exception {
        EventStream stream = EventStream.open(server.uri(), "/api/events?channel=gone.b");
        awaitReaders(1);
        stream.close();
        awaitReaders(0);
    }

    @Test
    void who_says_that_it_sends_nothing_more_has_gone() throws Exception {
        try (EventStream stream = EventStream.open(server.uri(), "/api/events?channel=gone.c")) {
            awaitReaders(1);
            stream.halfClose();
            awaitReaders(0);
        }
    }

    @Test
    void a_connection_serves_one_waiting_request_after_the_other() throws Exception {
        try (EventStream client = EventStream.connect(server.uri())) {
            // Whoever is counted among the readers may not have its place yet
            Position begun = publish("kept.a", 0);
            String after = begun.toString();
            for (int i = 1; i <= 50; i++) {
                client.ask(server.uri(), "GET /api/messages?channel=kept.a&wait=30&after=" + after + " HTTP/1.1");
                awaitReaders(1);
                publish("kept.a", i);
                String head = client.head();
                assertThat(head).startsWith("HTTP/1.1 200 ").doesNotContain("Connection: close");
                JsonObject read = HttpApiClient.json(client.body(head));
                assertThat(HttpApiClient.data(read)).containsExactly(Integer.toString(i));
                after = read.getString("position");
            }
        }
    }

    @Test
    void requests_that_come_in_one_piece_are_answered_in_their_order() throws Exception {
        publish("piped.a", 1);
        publish("piped.b", 2);
        String one = "GET /api/messages?channel=piped.a&history=5 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        String two = "GET /api/messages?channel=piped.b&history=5&wait=5 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        String three = "GET /api/messages?channel=piped.a&wait=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        try (EventStream client = EventStream.connect(server.uri())) {
            client.send(one + two + three + one);

            List<List<String>> answers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String head = client.head();
                answers.add(HttpApiClient.data(HttpApiClient.json(client.body(head))));
            }
            assertThat(answers).containsExactly(List.of("1"), List.of("2"), List.of(), List.of("1"));
        }
    }

    @Test
    void a_request_that_comes_while_another_waits_is_for_the_client_to_repeat() throws Exception {
        try (EventStream client = EventStream.connect(server.uri())) {
            Position begun = publish("piped.c", 0);
            client.ask(server.uri(), "GET /api/messages?channel=piped.c&wait=30&after=" + begun + " HTTP/1.1");
            awaitReaders(1);
            client.ask(server.uri(), "GET /api/messages?channel=piped.c HTTP/1.1");
            Thread.onSpinWait();
            publish("piped.c", 1);

            String head = client.head();
            assertThat(HttpApiClient.data(HttpApiClient.json(client.body(head))))
                    .containsExactly("1");
            if (head.contains("Connection: close")) {
                assertThat(client.hasEnded()).isTrue();
            } else {
                assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void a_proxy_that_speaks_the_older_http_is_told_each_event_as_it_comes() throws Exception {
        try (EventStream client = EventStream.connect(server.uri())) {
            client.ask(server.uri(), "GET /api/events?channel=older.a HTTP/1.0");
            assertThat(client.head()).startsWith("HTTP/1.").doesNotContain("chunked");
            assertThat(client.nextData().orElseThrow().name()).contains("subscribed");
            for (int i = 1; i <= 3; i++) {
                publish("older.a", i);
                assertThat(client.nextData().orElseThrow().data().orElseThrow()).contains("\"data\":" + i);
            }
        }
    }

    @Test
    void a_wait_of_the_older_http_is_answered_and_the_connection_ends() throws Exception {
        try (EventStream client = EventStream.connect(server.uri())) {
            Position begun = publish("older.b", 0);
            client.ask(server.uri(), "GET /api/messages?channel=older.b&wait=30&after=" + begun + " HTTP/1.0");
            awaitReaders(1);
            publish("older.b", 1);
            String head = client.head();
            assertThat(HttpApiClient.data(HttpApiClient.json(client.body(head))))
                    .containsExactly("1");
            assertThat(client.hasEnded()).isTrue();
        }
    }

    @Test
    void a_head_has_no_body_and_keeps_the_connection() throws Exception {
        publish("heads.a", 1);
        try (EventStream client = EventStream.connect(server.uri())) {
            client.ask(server.uri(), "HEAD /api/messages?channel=heads.a&history=1&wait=60 HTTP/1.1");
            assertThat(client.head())
                    .startsWith("HTTP/1.1 200 ")
                    .contains("Content-Type: application/json")
                    .containsPattern("Content-Length: [1-9]");
            client.ask(server.uri(), "HEAD /api/messages?channel=-bad HTTP/1.1");
            assertThat(client.head()).startsWith("HTTP/1.1 400 ");
        }
        try (EventStream client = EventStream.connect(server.uri())) {
            client.ask(server.uri(), "HEAD /api/events?channel=heads.a HTTP/1.1");
            assertThat(client.head()).startsWith("HTTP/1.1 200 ").contains("Content-Type: text/event-stream");
            assertThat(client.readAll()).isEmpty();
        }
    }

    @Test
    void who_reads_no_events_is_cut_off_after_the_send_timeout_and_resumes_without_a_hole() throws Exception {
        String big = "\"" + "x".repeat(60_000) + "\"";
        List<Long> seen = new ArrayList<>();
        String last = "";
        try (EventStream slow = EventStream.open(server.uri(), "/api/events?channel=slow.a")) {
            for (int i = 0; i < 400; i++) {
                publish("slow.a", big);
            }
            awaitReaders(0);
            slow.readFaster();
            last = readUntilCut(slow, seen);
        }
        assertThat(seen.size()).isBetween(1, 399);
        try (EventStream again = EventStream.open(server.uri(), "/api/events?channel=slow.a", "Last-Event-ID", last)) {
            again.readFaster();
            while (seen.size() < 400) {
                EventStream.Event event = again.nextData().orElseThrow();
                if (event.name().isEmpty()) {
                    seen.add(offset(event.id().orElseThrow()));
                }
            }
        }
        assertThat(seen).isEqualTo(LongStream.rangeClosed(1, 400).boxed().toList());
    }

    @ParameterizedTest
    @CsvSource({"channel=odd.a, 7", "channel=odd.a&channel=odd.b, odd.a@k:1;x", "channel=odd.a&history=5, \u00e4"})
    void an_id_of_the_last_event_that_is_no_position_begins_now_and_says_so(String query, String id) throws Exception {
        try (TestClient other = TestClient.open(server.uri())) {
            other.publish("odd.a", "1", "\"before\"");
            try (EventStream stream = EventStream.open(server.uri(), "/api/events?" + query, "Last-Event-ID", id)) {
                EventStream.Event first = stream.nextData().orElseThrow();
                assertThat(first.name()).contains("subscribed");
                assertThat(first.data().orElseThrow())
                        .contains("\"recovered\":false")
                        .doesNotContain("\"recovered\":true");
                other.publish("odd.a", "2", "\"after\"");
                assertThat(stream.nextData().orElseThrow().data().orElseThrow()).contains("\"data\":\"after\"");
            }
        }
    }

    private static String readUntilCut(EventStream slow, List<Long> seen) {
        String last = "";
        try {
            Optional<EventStream.Event> event = slow.nextData();
            while (event.isPresent()) {
                if (event.get().name().isEmpty()) {
                    last = event.get().id().orElseThrow();
                    seen.add(offset(last));
                }
                event = slow.nextData();
            }
        } catch (IOException | NumberFormatException e) {
            // Cut in the middle of a chunk
        }
        return last;
    }

    private static long offset(String position) {
        return Long.parseLong(position.substring(position.indexOf(':') + 1));
    }

    @Test
    void who_does_not_read_a_large_content_holds_up_nobody_and_is_cut_off() throws Exception {
        HttpResponse<String> published = HttpApiClient.of(server).post("large.a", "image/png", new byte[5_000_000]);
        String path = "/api/channels/large.a/" + HttpApiClient.header(published, "Location");
        List<EventStream> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 12; i++) {
                EventStream client = EventStream.connect(server.uri());
                silent.add(client);
                client.ask(server.uri(), "GET " + path + " HTTP/1.1");
                assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            }
            assertThat(HttpApiClient.of(server).get(path).body()).hasSize(5_000_000);
            await().atMost(TestClient.PATIENCE)
                    .until(() -> server.bean(SharedBudget.class).taken() == 0);
            for (EventStream client : silent) {
                assertThat(client.countUntilCut()).isLessThan(5_000_000);
            }
        } finally {
            for (EventStream client : silent) {
                client.close();
            }
        }
    }

    @Test
    void a_stream_of_several_channels_goes_on_from_an_id_that_covers_them_all() throws Exception {
        String path = "/api/events?channel=both.a&channel=both.b";
        String covering = "";
        try (EventStream stream = EventStream.open(server.uri(), path)) {
            assertThat(stream.nextData().orElseThrow().name()).contains("subscribed");
            covering = stream.next().orElseThrow().id().orElseThrow();
            for (int i = 1; i <= 5; i++) {
                publish(i % 2 == 0 ? "both.a" : "both.b", i);
                EventStream.Event message = stream.nextData().orElseThrow();
                assertThat(message.id()).isEmpty();
                assertThat(message.data().orElseThrow()).contains("\"data\":" + i);
                EventStream.Event id = stream.next().orElseThrow();
                assertThat(id.data()).isEmpty();
                assertThat(id.id().orElseThrow()).isNotEqualTo(covering);
                covering = id.id().orElseThrow();
            }
        }
        publish("both.a", 6);
        publish("both.b", 7);
        try (EventStream stream = EventStream.open(server.uri(), path, "Last-Event-ID", covering)) {
            stream.nextData();
            List<String> data = List.of(
                    stream.nextData().orElseThrow().data().orElseThrow(),
                    stream.nextData().orElseThrow().data().orElseThrow());
            assertThat(data)
                    .anyMatch(line -> line.contains("\"data\":6"))
                    .anyMatch(line -> line.contains("\"data\":7"));
        }
    }

    @Test
    void silence_is_broken_by_comments() throws Exception {
        try (EventStream stream = EventStream.open(server.uri(), "/api/events?channel=quiet.a&heartbeat=1")) {
            assertThat(stream.nextData().orElseThrow().data().orElseThrow()).contains("\"heartbeat\":1");
            for (int i = 0; i < 3; i++) {
                assertThat(stream.next().orElseThrow().comments()).containsExactly(":");
            }
        }
    }

    @Test
    void a_stream_may_begin_with_as_much_as_a_proxy_holds_back() throws Exception {
        try (EventStream stream = EventStream.open(server.uri(), "/api/events?channel=quiet.b&padding=true")) {
            assertThat(stream.next().orElseThrow().comments().get(0)).hasSizeGreaterThan(2_000);
        }
    }

    @Test
    void stopping_answers_who_waits_and_ends_streams_with_a_word(@TempDir Path folder) throws Exception {
        StandaloneServer other = TestServers.start(folder, Map.of());
        HttpApiClient asker = HttpApiClient.of(other);
        CompletableFuture<HttpResponse<String>> waiting = asker.later("messages?channel=a&wait=60");
        EventStream stream = EventStream.open(other.uri(), "/api/events?channel=a");
        assertThat(stream.nextData().orElseThrow().name()).contains("subscribed");
        await().atMost(TestClient.PATIENCE)
                .until(() -> other.bean(Connections.class).size() == 2);

        CompletableFuture<Void> stopping = CompletableFuture.runAsync(other::close);

        HttpResponse<String> answer = waiting.get(30, TimeUnit.SECONDS);
        assertThat(HttpApiClient.problem(answer)).isEqualTo("503 unavailable");
        assertThat(HttpApiClient.header(answer, "Retry-After")).isEqualTo("1");
        assertThat(HttpApiClient.json(answer).getBoolean("retry")).isTrue();
        EventStream.Event last = stream.nextData().orElseThrow();
        assertThat(last.name()).contains("disconnect");
        assertThat(HttpApiClient.json(last.data().orElseThrow())
                        .getJsonObject("disconnect")
                        .getInt("code"))
                .isEqualTo(1012);
        assertThat(stream.next()).isEmpty();
        stopping.get(30, TimeUnit.SECONDS);
    }

    private static void awaitReaders(int count) {
        await().atMost(TestClient.PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10)) // it is asked a hundred times
                .until(() -> server.bean(Connections.class).size() == count);
    }

    private static Position publish(String channel, Object json) throws Exception {
        return server.bean(Channels.class)
                .publish(channel, new Body.Json(json.toString()))
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }
}
