package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.security.Guard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that take nothing of what they are sent, to the end. */
@Timeout(60)
class DeafClientsTest {
    private static final int FILE = 2 * 1024 * 1024;

    private static final int UNREAD = 8 * 1024 * 1024;

    @TempDir
    private Path folder;

    /** Whatever is queued for it: to wait until it has taken that would be to wait for ever. */
    @Test
    void aWebSocketThatNeverReadsIsEndedThoughItTakesNotEvenTheFarewell() throws Exception {
        try (StandaloneServer server = StandaloneServer.start(Map.of(
                        "parley.port", "0", "parley.data", folder.toString(), "parley.limits.send-timeout", "1s"));
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
    void whoReadsNothingOfALargeFileIsFoundOut() throws Exception {
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
    void whoAsksOnAndOnAndReadsNothingIsCutOffAndKeepsNoWorkerWaiting() throws Exception {
        byte[] requests =
                "GET /missing HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(200).getBytes(StandardCharsets.US_ASCII);
        try (StandaloneServer server =
                        StandaloneServer.start(Map.of("parley.port", "0", "parley.data", folder.toString()));
                RawSocket socket = RawSocket.open(server.port())) {
            CompletableFuture<Void> asking = CompletableFuture.runAsync(() -> sendOnAndOn(socket, requests));

            await().atMost(Duration.ofSeconds(40)).until(() -> {
                assertThat(Thread.getAllStackTraces().values())
                        .noneMatch(stack -> Arrays.stream(stack)
                                .anyMatch(frame -> frame.getMethodName().equals("blockAfterWriteIfNeeded")));
                return asking.isCompletedExceptionally();
            });
        }
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
