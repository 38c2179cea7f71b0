package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.Position;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Publishers and followers of two channels, and the count of what they were promised and given. */
final class ChannelLoad {
    private static final int MANY = 8;

    private final Supplier<URI> server;
    private final List<String> channels;
    private final List<RetryingPublisher> publishers;
    private final List<ResumingReader> followers;

    /** They look up the address whenever they connect. */
    ChannelLoad(Supplier<URI> server, String namespace, int publishers, int followers) {
        this(server, namespace, publishers, followers, MANY, Duration.ZERO);
    }

    /**
     * @param atOnce what each publisher publishes at once
     * @param rest of each publisher, after that
     */
    ChannelLoad(Supplier<URI> server, String namespace, int publishers, int followers, int atOnce, Duration rest) {
        this.server = server;
        this.channels = List.of(namespace + ".a", namespace + ".b");
        this.followers = IntStream.range(0, followers)
                .mapToObj(i -> new ResumingReader(channels.get(i % channels.size()), server))
                .toList();
        this.publishers = IntStream.range(0, publishers)
                .mapToObj(i -> new RetryingPublisher("p" + i, server, channels, atOnce, rest))
                .toList();
    }

    int acknowledged() {
        return publishers.stream().mapToInt(one -> one.acknowledged().size()).sum();
    }

    int refused() {
        return publishers.stream().mapToInt(RetryingPublisher::refused).sum();
    }

    /** How often followers had to come back. */
    int resumed() {
        return followers.stream().mapToInt(one -> one.resumed() - 1).sum();
    }

    void awaitMoreAcknowledged(int more) {
        int before = acknowledged();
        await().atMost(TestClient.PATIENCE).until(() -> acknowledged() >= before + more);
    }

    void awaitMoreRefused(int more) {
        int before = refused();
        await().atMost(TestClient.PATIENCE).until(() -> refused() >= before + more);
    }

    /** Lets everybody come to the end and checks what they have. */
    String assertPromisesKept() throws InterruptedException {
        for (RetryingPublisher publisher : publishers) {
            publisher.stop();
        }
        int delivered = 0;
        int stored = 0;
        for (String channel : channels) {
            Map<Position, String> log = readAll(channel);
            stored += log.size();
            assertThat(new HashSet<>(log.values())).as("messages stored once").hasSameSizeAs(log.values());
            assertKept(channel, log);
            delivered += assertGiven(channel, List.copyOf(log.values()));
        }
        for (ResumingReader follower : followers) {
            follower.stop();
        }
        assertThat(publishers).flatExtracting(RetryingPublisher::faults).isEmpty();
        assertThat(followers).flatExtracting(ResumingReader::faults).isEmpty();
        return acknowledged() + " acknowledged, 0 of them lost; " + stored + " stored, 0 of them twice; " + delivered
                + " delivered to " + followers.size() + " followers that resumed "
                + resumed()
                + " times, 0 twice, 0 out of order, 0 holes";
    }

    private void assertKept(String channel, Map<Position, String> log) {
        Map<Position, String> promised = new HashMap<>();
        acknowledgements()
                .filter(entry -> entry.getValue().channel().equals(channel))
                .forEach(entry -> promised.put(entry.getValue().position(), entry.getKey()));
        assertThat(log).as("what was acknowledged").containsAllEntriesOf(promised);
    }

    private int assertGiven(String channel, List<String> stored) {
        int delivered = 0;
        for (ResumingReader follower :
                followers.stream().filter(one -> one.channel().equals(channel)).toList()) {
            await().atMost(TestClient.PATIENCE).until(() -> follower.last().offset() >= stored.size());
            assertThat(follower.twice()).as("given twice or out of order").isZero();
            assertThat(follower.holes()).as("holes").isZero();
            assertThat(follower.keys()).as("what was given").isEqualTo(stored);
            delivered += stored.size();
        }
        return delivered;
    }

    private Stream<Map.Entry<String, RetryingPublisher.Acknowledged>> acknowledgements() {
        return publishers.stream().flatMap(one -> one.acknowledged().entrySet().stream());
    }

    /** In order; fails when the offsets are not 1 and so on. */
    private Map<Position, String> readAll(String channel) {
        return readAll(server.get(), channel);
    }

    static Map<Position, String> readAll(URI server, String channel) {
        try (TestClient client = TestClient.open(server)) {
            JsonObject subscribed = client.subscribeAfter(channel, Position.NONE);
            long head =
                    Position.parse(subscribed.getString("head")).orElseThrow().offset();
            Map<Position, String> log = new LinkedHashMap<>();
            for (JsonObject push : client.awaitPushes((int) head)) {
                Position position = TestClient.position(push);
                assertThat(position.offset()).isEqualTo(log.size() + 1);
                log.put(position, push.getJsonObject("data").getString("key"));
            }
            return log;
        }
    }
}
