package dev.parley.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.arquillian.AppServer;
import dev.parley.arquillian.Wars;
import dev.parley.e2e.TestClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a deployment leaves behind in its server's process when it is taken away: nothing. */
@ExtendWith(ArquillianExtension.class)
@Tag("not-on-standalone") // a process of its own each time, as Payara Micro
@Tag("not-on-payara-micro")
@Timeout(600)
class RedeployIT {
    private static final int ROUNDS = 10;

    /** A server may hold on to one deployment for a while, as in a cache; with twelve taken away, no more than that one. */
    private static final int KEPT = 1;

    /** What each deployment leaves is there ten times; what a server begins of its own, or its pool keeps, is fewer. */
    private static final int FEW = ROUNDS / 2;

    private static final int HEAP_MEGABYTES = 20;

    /** The servers' pools without a bound keep an idle thread for a minute; what is left behind stays longer. */
    private static final Duration SETTLING = Duration.ofMinutes(2);

    private static final String PARLEY = "parley";

    @ArquillianResource
    private Deployer deployer;

    private final Set<Integer> codes = new TreeSet<>();

    @Deployment(name = PARLEY, managed = false, testable = false)
    static WebArchive war() {
        return Wars.with(Map.of("parley.auth.secret", "0123456789abcdef0123456789abcdef"));
    }

    @Test
    void ten_deployments_leave_no_thread_no_class_loader_and_no_connection() {
        redeploy();
        redeploy();
        ServerState first = ServerState.now();
        print(first);
        for (int i = 0; i < ROUNDS; i++) {
            redeploy();
            print(ServerState.now());
        }

        assertThat(codes).containsOnly(AppServer.isPayara() ? 1012 : 1001);
        await().atMost(SETTLING).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            ServerState now = ServerState.now();
            print(now);
            assertThat(now.ourThreads()).isEmpty();
            assertThat(now.newThreadsSince(first).values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .as("threads that have come: %s", now.newThreadsSince(first))
                    .isLessThanOrEqualTo(FEW);
            assertThat(now.loaders()).isLessThanOrEqualTo(KEPT);
            assertThat(now.connections()).isLessThanOrEqualTo(first.connections() + FEW);
            assertThat(now.heapMegabytes()).isLessThan(first.heapMegabytes() + HEAP_MEGABYTES);
        });
    }

    /** With work done and clients there when it is taken away. */
    private void redeploy() {
        deployer.deploy(PARLEY);
        URI uri = AppServer.uri();
        TestClient channels = TestClient.open(uri);
        TestClient room = TestClient.open(uri, "/chat/lobby");
        TestClient echo = TestClient.open(uri, "/echo");
        channels.subscribe("room");
        channels.publish("room", "k" + System.nanoTime(), "1");
        channels.awaitPushes(1);
        room.awaitPushes(1);
        deployer.undeploy(PARLEY);
        List<TestClient> clients = List.of(channels, room, echo);
        await().atMost(TestClient.PATIENCE)
                .untilAsserted(() -> assertThat(clients).noneMatch(TestClient::isOpen));
        clients.forEach(client -> codes.add(client.awaitClosing().code()));
    }

    @SuppressWarnings("SystemOut") // for whoever reads the report
    private static void print(ServerState state) {
        System.out.println(state);
    }
}
