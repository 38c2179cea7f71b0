package dev.parley.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.arquillian.AppServer;
import dev.parley.arquillian.Wars;
import dev.parley.e2e.RawWebSocketClient;
import dev.parley.e2e.TestClient;
import dev.parley.protocol.Position;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that do not read: what each container does about them, and what we do. */
@ExtendWith(ArquillianExtension.class)
@Timeout(180)
class ContainerSlowReadersIT {
    /** Long enough that who does read and answer is never late, on a machine that is busy with something else. */
    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(5);

    private static final int MESSAGES = 300;
    private static final String KILOBYTE = "x".repeat(1_024);

    /** Another one each time: the deployments before have left their messages in the server's database. */
    private static final String ROOM = "room." + UUID.randomUUID();

    @ArquillianResource
    private URL base;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.with(Map.of(
                "parley.limits.send-timeout",
                SEND_TIMEOUT.toSeconds() + "s",
                "parley.limits.commands-per-second",
                "0",
                "parley.limits.publish-bytes-per-second",
                "0",
                "parley.ping.interval",
                "500ms",
                "parley.ping.timeout",
                "5s",
                "parley.channels.slow.presence",
                "true",
                "parley.channels.ballast.durable",
                "false"));
    }

    /** What is under way to it is lost on the way out of some containers, but never a position that it was not given. */
    @Test
    void who_takes_nothing_for_too_long_is_closed_and_resumes_without_loss() throws Exception {
        List<Position> given = new ArrayList<>();
        try (TestClient publisher = client();
                RawWebSocketClient slow = subscribed()) {
            publish(publisher, ROOM, MESSAGES);
            publish(publisher, "ballast", 8_000);
            publish(publisher, ROOM, MESSAGES);
            await().atMost(TestClient.PATIENCE).until(() -> isAlone(publisher));

            slow.readFaster();
            Optional<RawWebSocketClient.Frame> frame = slow.next();
            while (frame.isPresent() && frame.get().first() != RawWebSocketClient.CLOSE) {
                given.addAll(frame.get().positions(ROOM));
                frame = slow.next();
            }
            // Whichever is noticed first: that it takes nothing, or that it answers no ping
            frame.ifPresent(close -> assertThat(close.code()).isIn(4002, 4003));
        }

        try (TestClient again = client()) {
            Position last = given.isEmpty() ? Position.NONE : given.get(given.size() - 1);
            assertThat(again.subscribeAfter(ROOM, last).getBoolean("recovered")).isTrue();
            again.awaitPushes(2 * MESSAGES - given.size()).forEach(push -> given.add(TestClient.position(push)));
        }
        assertThat(given)
                .extracting(Position::offset)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 2 * MESSAGES).boxed().toList());
    }

    @Test
    void a_slow_client_delays_nobody() throws Exception {
        try (TestClient publisher = client();
                TestClient reader = client();
                RawWebSocketClient slow = subscribed()) {
            reader.subscribe("ballast");
            publish(publisher, "ballast", 8_000);

            List<Position> heard =
                    reader.awaitPushes(8_000).stream().map(TestClient::position).toList();
            assertThat(heard)
                    .isEqualTo(LongStream.range(0, 8_000)
                            .mapToObj(i -> heard.get(0).at(heard.get(0).offset() + i))
                            .toList());
            slow.reset();
        }
    }

    @Test
    void an_echo_that_is_not_read_is_closed_and_the_server_goes_on() throws IOException {
        try (RawWebSocketClient flood = raw("echo");
                TestClient other = client()) {
            byte[] frame = RawWebSocketClient.frame(
                    RawWebSocketClient.TEXT, KILOBYTE.repeat(64).getBytes(StandardCharsets.UTF_8));
            CompletableFuture<Void> flooding = CompletableFuture.runAsync(() -> write(flood, frame, 1_000));

            if (AppServer.isPayara()) {
                // It is closed for the endpoint, but its socket is held until the client reads, or goes
                await().atMost(TestClient.PATIENCE)
                        .during(SEND_TIMEOUT.multipliedBy(2))
                        .until(() -> !flooding.isDone());
            } else {
                assertThat(flooding).succeedsWithin(TestClient.PATIENCE);
            }
            flood.readFaster();
            flood.nextClose().ifPresent(close -> assertThat(close.code()).isEqualTo(4002));
            assertThat(flood.next()).isEmpty();
            assertThat(other.reply("ping", "{}")).containsKey("pong");
        }
    }

    private static void write(RawWebSocketClient client, byte[] frame, int times) {
        try {
            for (int i = 0; i < times; i++) {
                client.write(frame);
            }
        } catch (IOException e) {
            // The server has ended it
        }
    }

    private boolean isAlone(TestClient client) {
        return client.reply("presence", "{\"channel\":\"slow.a\"}")
                        .getJsonObject("presence")
                        .getInt("count")
                == 0;
    }

    private RawWebSocketClient subscribed() throws IOException {
        RawWebSocketClient client = raw();
        client.send("{\"id\":1,\"subscribe\":[{\"channel\":\"slow.a\"},{\"channel\":\"" + ROOM
                + "\"},{\"channel\":\"ballast\"}]}");
        Optional<RawWebSocketClient.Frame> frame = client.next();
        while (!frame.orElseThrow().text().contains("\"subscribed\"")) {
            frame = client.next();
        }
        return client;
    }

    private RawWebSocketClient raw() throws IOException {
        return raw("channels");
    }

    private RawWebSocketClient raw(String path) throws IOException {
        RawWebSocketClient client = RawWebSocketClient.open(URI.create(base.toString()));
        assertThat(client.handshake(base.getPath() + path)).contains(" 101 ");
        return client;
    }

    private TestClient client() {
        return TestClient.open(URI.create(base.toString()));
    }

    private static void publish(TestClient publisher, String channel, int count) {
        int atOnce = 200;
        for (int from = 0; from < count; from += atOnce) {
            IntStream.range(0, Math.min(atOnce, count - from))
                    .mapToObj(n ->
                            publisher.ask("publish", "{\"channel\":\"" + channel + "\",\"data\":\"" + KILOBYTE + "\"}"))
                    .toList()
                    .forEach(reply -> assertThat(reply.orTimeout(60, java.util.concurrent.TimeUnit.SECONDS)
                                    .join())
                            .containsKey("published"));
        }
    }
}
