package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.standalone.RecordingWebSocket;
import dev.parley.testing.Figures;
import dev.parley.testing.Scale;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two hundred clients of a team's endpoints that do not read what they are sent, or a kilobyte a second of it, in a heap of
 * 128 MB: health is told, channels and another team's endpoint go on, and what the server keeps of it all is bounded.
 */
@Tag("scaled")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class DeafTeamClientsIT {
    private static final int DEAF = 200;
    private static final Duration LASTING =
            Scale.of(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(5));
    private static final Duration ALONE =
            Scale.of(Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofMinutes(1));
    private static final int PUBLISHERS = 4;
    /** Seconds until who was closed comes back, and says something again. */
    private static final int PAUSE = 3;

    private static final int FOLLOWERS = 8;
    /** More than the systems' buffers take of the answers. */
    private static final int TEXTS = 20;

    private static final String LARGE = "x".repeat(100_000);

    @TempDir
    private static Path folder;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger opened = new AtomicInteger();

    /** Whose clients they are, and how they read. */
    private enum Way {
        BACK,
        ALL,
        FLOOD,
        DRIPPING;

        private String path() {
            return "/team/" + (this == DRIPPING ? "back" : name().toLowerCase(java.util.Locale.ROOT));
        }
    }

    @Test
    void two_hundred_clients_that_do_not_read_stop_nothing() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                TeamServer.class.getName(),
                data.toString());
        try (ServerProcess server = ServerProcess.start(command, folder)) {
            URI health = operators(server).resolve("health/live");
            ChannelLoad others =
                    new ChannelLoad(server::uri, "others", PUBLISHERS, FOLLOWERS, 1, Duration.ofMillis(20));
            Echoes echoes = new Echoes(server.uri());
            Health told = new Health(health);
            others.awaitMoreAcknowledged(100);

            Counts alone = count(others, echoes, ALONE);
            told.forget();
            for (int i = 0; i < DEAF; i++) {
                Way way = Way.values()[i % Way.values().length];
                Thread thread = new Thread(() -> deaf(server.uri(), way), "deaf-" + i);
                thread.setDaemon(true);
                thread.start();
            }
            await().atMost(TestClient.PATIENCE).until(() -> opened.get() >= DEAF);
            Counts beside = count(others, echoes, LASTING);
            ServerProcess.Memory memory = server.memory();
            over.set(true);
            Figures.print(DEAF + " clients of a team's endpoints that do not read: opened " + opened.get()
                    + " times; published "
                    + alone.published + " a second alone, " + beside.published + " beside; another endpoint echoed "
                    + alone.echoed + " a second alone, " + beside.echoed + " beside; health told within "
                    + told.slowest() + " ms, " + told.count() + " times; heap " + (memory.heap() >> 20)
                    + " MB, direct " + (memory.direct() >> 20) + " MB, threads " + memory.threads());
            assertThat(told.count()).isPositive();
            assertThat(told.failures()).isZero();
            int acknowledged = others.acknowledged();
            others.awaitMoreAcknowledged(20);
            assertThat(others.acknowledged()).isGreaterThan(acknowledged);
            echoes.awaitMore();
            assertThat(server.output()).doesNotContain("OutOfMemoryError");
            others.assertPromisesKept();
            echoes.stop();
            told.stop();
        }
    }

    private static URI operators(ServerProcess server) {
        return server.output()
                .lines()
                .filter(line -> line.startsWith("Operators "))
                .map(line -> URI.create(line.substring("Operators ".length())))
                .findFirst()
                .orElseThrow();
    }

    private record Counts(long published, long echoed) {}

    private static Counts count(ChannelLoad others, Echoes echoes, Duration during) throws InterruptedException {
        int published = others.acknowledged();
        long echoed = echoes.count();
        long start = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(during.toNanos());
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Counts(
                Math.round((others.acknowledged() - published) / seconds),
                Math.round((echoes.count() - echoed) / seconds));
    }

    /** Comes back whenever it was closed. */
    private void deaf(URI server, Way way) {
        while (!over.get()) {
            try (RawWebSocketClient client = RawWebSocketClient.open(server)) {
                client.handshake(way.path());
                opened.incrementAndGet();
                Thread sending = new Thread(() -> send(client, way));
                sending.setDaemon(true);
                sending.start();
                while (way == Way.DRIPPING && !over.get() && client.read(1024)) {
                    TimeUnit.SECONDS.sleep(1);
                }
                sending.join();
                TimeUnit.SECONDS.sleep(PAUSE);
            } catch (IOException e) {
                // it was closed, and comes back
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void send(RawWebSocketClient client, Way way) {
        try {
            for (int i = 0; i < TEXTS; i++) {
                client.send(way == Way.FLOOD ? "flood" : LARGE);
            }
            boolean unused = way != Way.DRIPPING && client.isEndedByServer();
        } catch (IOException e) {
            return; // it was closed
        }
    }

    /** A client of another endpoint, which reads. */
    private static final class Echoes {
        private final AtomicLong count = new AtomicLong();
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final Thread thread;

        Echoes(URI server) {
            RecordingWebSocket socket =
                    new RecordingWebSocket(URI.create(server.toString().replaceFirst("http", "ws") + "team/echo"));
            this.thread = new Thread(() -> run(socket), "echoes");
            thread.setDaemon(true);
            thread.start();
        }

        private void run(RecordingWebSocket socket) {
            try {
                while (!stopped.get()) {
                    socket.send("still here");
                    if (socket.next() != null) {
                        count.incrementAndGet();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        long count() {
            return count.get();
        }

        void awaitMore() {
            long before = count.get();
            await().atMost(TestClient.PATIENCE).until(() -> count.get() > before);
        }

        void stop() {
            stopped.set(true);
        }
    }

    /** Asks again and again. */
    private static final class Health {
        private final AtomicLong slowest = new AtomicLong();
        private final AtomicInteger count = new AtomicInteger();
        private final AtomicInteger failures = new AtomicInteger();
        private final AtomicBoolean stopped = new AtomicBoolean();

        Health(URI address) {
            Thread thread = new Thread(() -> run(address), "health");
            thread.setDaemon(true);
            thread.start();
        }

        private void run(URI address) {
            HttpClient client = HttpClient.newHttpClient();
            HttpRequest request =
                    HttpRequest.newBuilder(address).timeout(TestClient.PATIENCE).build();
            while (!stopped.get()) {
                long start = System.nanoTime();
                try {
                    int status = client.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode();
                    failures.addAndGet(status == 200 ? 0 : 1);
                    slowest.accumulateAndGet(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start), Math::max);
                    count.incrementAndGet();
                    TimeUnit.MILLISECONDS.sleep(50);
                } catch (IOException e) {
                    failures.incrementAndGet();
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        long slowest() {
            return slowest.get();
        }

        int count() {
            return count.get();
        }

        int failures() {
            return failures.get();
        }

        void forget() {
            slowest.set(0);
            count.set(0);
        }

        void stop() {
            stopped.set(true);
        }
    }
}
