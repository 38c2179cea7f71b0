package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.grizzly.CloseTimeouts;
import dev.parley.security.Guard;
import dev.parley.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that take nothing of what they are sent, to the end. */
@Timeout(60)
class DeafClientsTest {
    private static final int FILE = 2 * 1024 * 1024;

    private static final int UNREAD = 8 * 1024 * 1024;

    @TempDir
    private Path folder;

    /** Whatever is queued for it: to wait until it has taken that would be to wait for ever. */
    @Test
    void a_websocket_that_never_reads_is_ended_though_it_takes_not_even_the_farewell() throws Exception {
        Settings settings = StandaloneSettings.read(
                Map.of("parley.port", "0", "parley.data", folder.toString(), "parley.limits.send-timeout", "1s"),
                Optional.empty());
        CloseTimeouts timeouts = new CloseTimeouts(Duration.ofSeconds(1), CloseTimeouts.DEFAULTS.silence());
        try (StandaloneServer server = StandaloneServer.start(settings, timeouts);
                RawSocket socket = RawSocket.open(server.port())) {
            socket.handshake("/echo");
            socket.send(RawSocket.frame(0x82, new byte[4 * 1024 * 1024]));
            socket.send(RawSocket.frame(0x82, new byte[4 * 1024 * 1024]));

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> server.bean(Guard.class).connections() == 0);

            assertThat(socket.readAllBytes()).hasSizeLessThan(UNREAD);
        }
    }

    /** The kernel alone would take all of it, so that nobody would ever know that the client is slow. */
    @Test
    void who_reads_nothing_of_a_large_file_is_found_out() throws Exception {
        Path web = Files.createDirectories(folder.resolve("web"));
        Files.write(web.resolve("large.bin"), new byte[FILE]);
        try (StandaloneServer server = StandaloneServer.start(Map.of(
                        "parley.port", "0",
                        "parley.data", folder.toString(),
                        "parley.web", web.toString(),
                        "parley.limits.send-buffer", "16KB",
                        "parley.limits.send-timeout", "1s"));
                RawSocket socket = RawSocket.open(server.port())) {
            socket.send("GET /large.bin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(socket.readHeader()).startsWith("HTTP/1.1 200 ");

            await().until(() -> server.bean(Guard.class).connections() == 0);

            assertThat(socket.readAllBytes()).hasSizeLessThan(FILE);
        }
    }

    /** Each answer is small, and none of them is read: whoever writes them would soon have to wait. */
    @Test
    void who_asks_on_and_on_and_reads_nothing_is_cut_off_and_keeps_no_worker_waiting() throws Exception {
        byte[] requests =
                "GET /missing HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(200).getBytes(StandardCharsets.US_ASCII);
        try (StandaloneServer server =
                        StandaloneServer.start(Map.of("parley.port", "0", "parley.data", folder.toString()));
                RawSocket socket = RawSocket.open(server.port())) {
            CompletableFuture<Void> asking = CompletableFuture.runAsync(() -> sendOnAndOn(socket, requests));

            await().atMost(Duration.ofSeconds(40)).until(() -> {
                assertNobodyWaitsInWriting();
                return asking.isCompletedExceptionally();
            });
        }
    }

    /** By the resources, by the pages, and what is fetched and streamed: each is written in another way. */
    @ParameterizedTest
    @ValueSource(strings = {"api/openapi.json", "small.bin", "large.bin", "content", "api/events?channel=news&after="})
    void whoever_never_reads_an_answer_keeps_no_worker_and_no_connection(String path) throws Exception {
        Path web = Files.createDirectories(folder.resolve("web"));
        Files.write(web.resolve("small.bin"), new byte[60_000]);
        Files.write(web.resolve("large.bin"), new byte[FILE]);
        List<RawSocket> deaf = new ArrayList<>();
        try (StandaloneServer server = StandaloneServer.start(Map.of(
                "parley.port", "0",
                "parley.data", folder.toString(),
                "parley.web", web.toString(),
                "parley.limits.send-buffer", "1",
                "parley.limits.send-timeout", "1s"))) {
            String position = publish(server, FILE);
            for (int i = 0; i < 50; i++) {
                publish(server, 50_000);
            }
            String target = path.equals("content") ? "api/channels/news/messages/" + position + "/content" : path;
            String request = "GET /" + target.replace("after=", "after=" + position) + " HTTP/1.1\r\n";
            for (int i = 0; i < 50; i++) {
                deaf.add(RawSocket.openDeaf(server.port()).send(request + "Host: localhost\r\n\r\n"));
            }

            assertThat(RawSocket.ask(
                            server.port(), "GET /health/live HTTP/1.1", "Host: localhost", "Connection: close"))
                    .startsWith("HTTP/1.1 200 ");
            assertNobodyWaitsInWriting();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> server.bean(Guard.class).connections() == 0);
        } finally {
            for (RawSocket socket : deaf) {
                socket.close();
            }
        }
    }

    /** Answers without a body wait behind what is not taken, as others do, and no longer. */
    @Test
    void who_leaves_answers_unread_and_asks_for_one_without_a_body_is_cut_off() throws Exception {
        try (StandaloneServer server = StandaloneServer.start(Map.of(
                "parley.port", "0",
                "parley.data", folder.toString(),
                "parley.limits.send-buffer", "1",
                "parley.limits.send-timeout", "1s"))) {
            String position = publish(server, 10);
            String request = "GET /api/channels/news/messages/" + position + "/content HTTP/1.1\r\n"
                    + "Host: localhost\r\nIf-None-Match: \"" + position + "\"\r\n\r\n";
            for (int i = 0; i < 5; i++) {
                try (RawSocket socket = RawSocket.openDeaf(server.port())) {
                    socket.send(request.repeat(200));
                    await().atMost(Duration.ofSeconds(10))
                            .until(() -> server.bean(Guard.class).connections() == 0);
                }
            }
        }
    }

    /** Binary content of this size, and returns its position. */
    private static String publish(StandaloneServer server, int size) throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            socket.send("POST /api/channels/news/messages HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Type: application/octet-stream\r\nContent-Length: " + size + "\r\n\r\n");
            String answer = socket.send(new byte[size]).readAll();
            assertThat(answer).startsWith("HTTP/1.1 201 ");
            return answer.replaceFirst("(?s).*\"position\":\"([^\"]+)\".*", "$1");
        }
    }

    /** Every writer is there for a moment, to find out that it need not wait. */
    private static void assertNobodyWaitsInWriting() {
        assertThat(Thread.getAllStackTraces().values())
                .noneMatch(stack -> has(stack, "blockAfterWriteIfNeeded") && has(stack, "park"));
    }

    private static boolean has(StackTraceElement[] stack, String method) {
        return Arrays.stream(stack).anyMatch(frame -> frame.getMethodName().equals(method));
    }

    private static void sendOnAndOn(RawSocket socket, byte[] requests) {
        try {
            while (true) {
                socket.send(requests);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
