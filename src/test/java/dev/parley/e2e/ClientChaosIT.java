package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.client.ClientOptions;
import dev.parley.client.ClientTimes;
import dev.parley.client.Closing;
import dev.parley.client.ParleyClient;
import dev.parley.client.StateListener;
import dev.parley.protocol.Reply;
import dev.parley.standalone.StandaloneServer;
import dev.parley.testing.ChaosProxy;
import dev.parley.testing.ChaosStorm;
import dev.parley.testing.Figures;
import dev.parley.testing.Scale;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Java client on a bad network: it reads and publishes all the while, another
 * publishes undisturbed, and a witness reads undisturbed. What the one on the bad network was told is what the witness
 * was told, each once, in order; and what each has published is there once, in the order in which it was published.
 */
@Tag("scaled")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class ClientChaosIT {
    private static final Duration LASTING =
            Scale.of(Duration.ofSeconds(20), Duration.ofMinutes(1), Duration.ofMinutes(15));
    private static final Duration PROGRESS = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> CHANNELS = List.of("storm.a", "storm.b", "storm.c");
    private static final int PAUSE_MILLIS = 4;

    /** The storm lets through what it lets through; more than this would only wait. */
    private static final int MOST_UNANSWERED = 500;

    private static final ChaosStorm STORM =
            ChaosStorm.DEFAULTS.withLongestLife(Duration.ofMillis(500)).withLongestStall(Duration.ofMillis(2_500));

    private static final ClientTimes HASTY = ClientTimes.DEFAULTS
            .withPauses(Duration.ofMillis(20), Duration.ofMillis(500))
            .withConnect(Duration.ofSeconds(2))
            .withPing(Duration.ofMillis(800));

    @TempDir
    private Path folder;

    private StandaloneServer server;
    private ChaosProxy proxy;

    @BeforeEach
    void start() {
        server = TestServers.start(folder, Map.of());
        proxy = ChaosProxy.to(server.uri());
    }

    @AfterEach
    void stop() {
        proxy.close();
        server.close();
    }

    @Test
    void on_a_network_that_cuts_resets_and_stalls_nothing_is_lost_doubled_or_out_of_order() throws Exception {
        States states = new States();
        try (ParleyClient tossed = client(proxy.through(server.webSocket("/channels")), "tossed", states);
                ParleyClient calm = client(server.webSocket("/channels"), "calm", new StateListener() {})) {
            Map<String, NumberedReader> stormy = NumberedReader.readAll(tossed, CHANNELS);
            Map<String, NumberedReader> witness = NumberedReader.readAll(calm, CHANNELS);
            await().atMost(PATIENCE)
                    .until(() -> stormy.values().stream().allMatch(NumberedReader::isOpen)
                            && witness.values().stream().allMatch(NumberedReader::isOpen));
            NumberedPublisher ann = new NumberedPublisher("ann", tossed, CHANNELS);
            NumberedPublisher bob = new NumberedPublisher("bob", calm, CHANNELS);

            proxy.storm(STORM);
            publish(ann, bob, states);
            proxy.pass();

            try {
                await().atMost(PATIENCE).until(() -> ann.unanswered() == 0 && bob.unanswered() == 0);
                int sent = ann.sent() + bob.sent();
                await().atMost(PATIENCE).until(() -> total(witness) >= sent && total(stormy) >= sent);
            } finally {
                print(states, ann, bob, stormy);
            }

            assertThat(ann.failures()).isEmpty();
            assertThat(bob.failures()).isEmpty();
            for (String channel : CHANNELS) {
                NumberedReader read = stormy.get(channel);
                assertThat(read.faults()).isEmpty();
                assertThat(read.messages()).isEqualTo(witness.get(channel).messages());
                assertThat(read.positions()).isEqualTo(witness.get(channel).positions());
                assertThat(read.offsets()).isEqualTo(NumberedReader.contiguous(read.offsets()));
                for (NumberedPublisher publisher : List.of(ann, bob)) {
                    assertThat(read.numbersOf(publisher.name())).isEqualTo(publisher.numbersFor(channel));
                    assertThat(read.positionsOf(publisher.name())).isEqualTo(publisher.positionsIn(channel));
                }
            }
            assertThat(states.reconnects.get()).isPositive();
            assertThat(states.closings).isEmpty();
        }
    }

    private void publish(NumberedPublisher ann, NumberedPublisher bob, States states) throws InterruptedException {
        long begin = System.nanoTime();
        long progress = begin + PROGRESS.toNanos();
        while (System.nanoTime() - begin < LASTING.toNanos()) {
            if (ann.unanswered() < MOST_UNANSWERED) {
                ann.publish();
            }
            bob.publish();
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS); // the pace of the load, not a wait for anything
            if (System.nanoTime() - progress > 0) {
                progress += PROGRESS.toNanos();
                Figures.print("after " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) + " s: "
                        + states.reconnects + " reconnects, " + ann.sent() + " published through the storm, "
                        + ann.unanswered() + " of them unanswered, " + proxy);
            }
        }
    }

    private void print(
            States states, NumberedPublisher ann, NumberedPublisher bob, Map<String, NumberedReader> stormy) {
        int sent = ann.sent() + bob.sent();
        Figures.print("client on a bad network for " + LASTING.toSeconds() + " s: " + proxy);
        Figures.print("client on a bad network: " + states.reconnects + " reconnects, " + sent + " published ("
                + ann.sent() + " through it), " + total(stormy) + " read; lost "
                + (sent - NumberedReader.distinct(stormy)) + ", doubled " + NumberedReader.doubled(stormy)
                + ", out of order " + NumberedReader.disorders(stormy, List.of("ann", "bob")));
    }

    private static int total(Map<String, NumberedReader> readers) {
        return readers.values().stream().mapToInt(NumberedReader::size).sum();
    }

    private static ParleyClient client(URI uri, String name, StateListener states) {
        return new ParleyClient(ClientOptions.to(uri).named(name).withTimes(HASTY), states);
    }

    private static final class States implements StateListener {
        private final AtomicInteger reconnects = new AtomicInteger(-1);
        private final Queue<Closing> closings = new ConcurrentLinkedQueue<>();

        @Override
        public void open(Reply.Connected connected) {
            reconnects.incrementAndGet();
        }

        @Override
        public void closed(Closing closing) {
            closings.add(closing);
        }
    }
}
