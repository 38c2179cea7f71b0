package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.grizzly.Listener;
import dev.parley.websocket.NeverWaits;
import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which threads call endpoints. */
@Timeout(60)
class ReadIoStrategyTest {
    private static StandaloneServer server;

    @ServerEndpoint("/waiting")
    public static class WaitingEndpoint {
        static final AtomicInteger WAITING = new AtomicInteger();
        static final CountDownLatch END = new CountDownLatch(1);

        @OnMessage
        public String message(String text) throws InterruptedException {
            if (text.equals("wait")) {
                WAITING.incrementAndGet();
                END.await();
            }
            return Thread.currentThread().getName();
        }
    }

    @NeverWaits
    @ServerEndpoint("/prompt")
    public static class PromptEndpoint {
        @OnMessage
        public String message(String text) {
            return Thread.currentThread().getName();
        }
    }

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = StandaloneServer.start(
                StandaloneSettings.read(Map.of("parley.port", "0", "parley.data", folder.toString()), Optional.empty()),
                WaitingEndpoint.class,
                PromptEndpoint.class);
    }

    @AfterAll
    static void stop() {
        WaitingEndpoint.END.countDown();
        server.close();
    }

    @Test
    void an_endpoint_is_called_on_a_worker_unless_it_never_waits() throws Exception {
        RecordingWebSocket waiting = new RecordingWebSocket(server.webSocket("/waiting"));
        waiting.send("who");
        assertThat(waiting.next()).asString().startsWith("parley-worker");

        RecordingWebSocket prompt = new RecordingWebSocket(server.webSocket("/prompt"));
        prompt.send("who");
        assertThat(prompt.next()).asString().endsWith("SelectorRunner");
    }

    @Test
    void endpoints_that_never_wait_are_served_though_every_worker_waits() throws Exception {
        RecordingWebSocket echo = new RecordingWebSocket(server.webSocket("/echo"));
        List<RecordingWebSocket> waiting = new ArrayList<>();
        for (int i = 0; i < Listener.workers(); i++) {
            waiting.add(new RecordingWebSocket(server.webSocket("/waiting")));
        }
        for (RecordingWebSocket client : waiting) {
            client.send("wait");
        }

        await().until(() -> WaitingEndpoint.WAITING.get() == Listener.workers());
        echo.send("still here");
        assertThat(echo.next()).isEqualTo("still here");

        WaitingEndpoint.END.countDown();
        for (RecordingWebSocket client : waiting) {
            assertThat(client.next()).asString().startsWith("parley-worker");
        }
    }
}
