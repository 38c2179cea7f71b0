package dev.parley.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.e2e.TestClient;
import jakarta.json.JsonObject;
import java.io.File;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A team's own project ({@code src/it/orders}), built on what was just built: its endpoints and its beans beside ours. */
@ExtendWith(ArquillianExtension.class)
@Timeout(120)
class OrderBoardIT {
    @ArquillianResource
    private URL base;

    @Deployment(testable = false)
    static WebArchive war() {
        Path built = Path.of(System.getProperty("parley.build.directory"), "it", "orders", "target", "orders.war");
        return ShrinkWrap.createFromZipFile(WebArchive.class, new File(built.toString()));
    }

    @Test
    void orders_go_to_everybody_at_the_desk_in_the_words_of_the_teams_encoder() throws Exception {
        try (Desk ann = Desk.open(base, "orders/london");
                Desk bob = Desk.open(base, "orders/london");
                TestClient reader = client()) {
            reader.subscribe("orders.london");
            // Nobody tells a client when it is at the desk
            await().atMost(TestClient.PATIENCE)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> {
                        ann.send("{\"item\": \"Tea\", \"quantity\": 5, \"note\": \"is not kept\"}");
                        return ann.hasHeard() && bob.hasHeard();
                    });

            for (Desk desk : List.of(ann, bob)) {
                assertThat(desk.next()).isEqualTo("{\"item\":\"tea\",\"quantity\":5}");
            }
            assertThat(reader.awaitPushes(1).get(0).getJsonObject("data").toString())
                    .isEqualTo("{\"item\":\"tea\",\"quantity\":5}");
        }
    }

    @Test
    void the_teams_filter_is_asked_whichever_way_a_message_comes() throws Exception {
        try (Desk desk = Desk.open(base, "orders/paris");
                TestClient client = client()) {
            desk.send("{\"item\":\"tea\",\"quantity\":0}");
            assertThat(desk.next()).isEqualTo("{\"refused\":\"An order is of one or more.\"}");

            JsonObject error = publish(client, "orders.paris", "{\"item\":\"tea\",\"quantity\":0}");
            assertThat(error.getJsonObject("error").getString("name")).isEqualTo("rejected");
            assertThat(error.getJsonObject("error").getString("message")).isEqualTo("An order is of one or more.");
            assertThat(publish(client, "orders.paris", "{\"item\":\"COCOA\",\"quantity\":1}"))
                    .containsKey("published");
            assertThat(desk.next()).isEqualTo("{\"item\":\"cocoa\",\"quantity\":1}");
        }
    }

    @Test
    void the_teams_bean_sees_what_is_published_and_publishes_where_its_policy_lets_nobody_else() {
        try (TestClient client = client()) {
            client.subscribe("board");
            assertThat(publish(client, "board", "{}").getJsonObject("error").getString("name"))
                    .isEqualTo("not-allowed");

            assertThat(publish(client, "orders.rome", "{\"item\":\"tea\",\"quantity\":1}"))
                    .containsKey("published");

            // What other tests have ordered may come to the board as late as now
            await().atMost(TestClient.PATIENCE)
                    .untilAsserted(() -> assertThat(client.pushes())
                            .extracting(push -> push.getJsonObject("data").getString("channel"))
                            .containsOnlyOnce("orders.rome"));
            assertThat(client.pushes())
                    .allMatch(push -> push.getJsonObject("data").getInt("placed") > 0)
                    .extracting(push -> push.getJsonObject("from").getString("user"))
                    .containsOnly("server");
        }
    }

    @Test
    void what_the_teams_decoder_does_not_take_is_told_to_who_sent_it() throws Exception {
        try (Desk desk = Desk.open(base, "orders/madrid")) {
            desk.send("{\"item\":\"tea\"}");
            assertThat(desk.next()).isEqualTo("{\"refused\":\"An order has an item and a quantity.\"}");
        }
    }

    @Test
    void the_teams_resource_takes_orders_and_tells_refusals_as_problem_details() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        try (TestClient reader = client()) {
            reader.subscribe("orders.bern");

            HttpResponse<String> placed = place(http, "{\"item\":\"Tea\",\"quantity\":5}");
            HttpResponse<String> refused = place(http, "{\"item\":\"tea\",\"quantity\":0}");
            HttpResponse<String> malformed = place(http, "{\"item\":\"tea\"}");

            assertThat(placed.statusCode()).isEqualTo(200);
            assertThat(placed.body()).startsWith("placed at ");
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(refused.body()).contains("\"detail\":\"An order is of one or more.\"");
            assertThat(malformed.statusCode()).isEqualTo(400);
            JsonObject push = reader.awaitPushes(1).get(0);
            assertThat(push.getJsonObject("data").toString()).isEqualTo("{\"item\":\"tea\",\"quantity\":5}");
            assertThat(push.getJsonObject("from").getString("user")).startsWith("guest-");
        }
    }

    private HttpResponse<String> place(HttpClient http, String order) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base.toString()).resolve("rest/desks/bern/orders"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(order))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void a_message_of_a_transaction_appears_if_and_only_if_it_commits() throws Exception {
        try (Desk settling = Desk.open(base, "settlements/oslo");
                TestClient reader = client()) {
            reader.subscribe("settlements.oslo");
            for (String orders : List.of("1", "0", "2", "0", "3")) {
                settling.send(orders);
            }

            List<String> answers =
                    IntStream.range(0, 5).mapToObj(i -> settling.next()).toList();
            List<Integer> told = reader.awaitPushes(3).stream()
                    .map(push -> push.getJsonObject("data").getInt("orders"))
                    .toList();
            // Were there a fourth, it would come before this
            publish(reader, "settlements.oslo", "{\"orders\":99}");

            assertThat(answers).containsExactly("settled, 1", "failed, 1", "settled, 2", "failed, 2", "settled, 3");
            assertThat(told).containsExactly(1, 2, 3);
            assertThat(reader.awaitPushes(4).get(3).getJsonObject("data").getInt("orders"))
                    .isEqualTo(99);
        }
    }

    private TestClient client() {
        return TestClient.open(URI.create(base.toString()));
    }

    private static JsonObject publish(TestClient client, String channel, String data) {
        return client.reply("publish", "{\"channel\":\"" + channel + "\",\"data\":" + data + "}");
    }

    /** A client of an endpoint of the team's own. */
    private static final class Desk implements AutoCloseable {
        private static final long PATIENCE_SECONDS = 60;

        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final java.net.http.WebSocket socket;

        private Desk(URI uri) {
            StringBuilder text = new StringBuilder();
            socket = java.net.http.HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(uri, new java.net.http.WebSocket.Listener() {
                        @Override
                        public java.util.concurrent.CompletionStage<?> onText(
                                java.net.http.WebSocket from, CharSequence part, boolean last) {
                            text.append(part);
                            if (last) {
                                heard.add(text.toString());
                                text.setLength(0);
                            }
                            from.request(1);
                            return null;
                        }
                    })
                    .join();
        }

        static Desk open(URL base, String path) {
            return new Desk(
                    URI.create(base.toString().replaceFirst("http", "ws")).resolve(path));
        }

        void send(String text) {
            socket.sendText(text, true).join();
        }

        boolean hasHeard() {
            return !heard.isEmpty();
        }

        String next() {
            try {
                return String.valueOf(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            socket.abort();
        }
    }
}
