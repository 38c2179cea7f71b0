package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.endpoint.NeverWaits;
import dev.parley.grizzly.Listener;
import jakarta.websocket.OnClose;
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

    @ServerEndpoint("/patient")
    public static class PatientEndpoint {
        static final AtomicInteger WAITING = new AtomicInteger();
        static final CountDownLatch END = new CountDownLatch(1);

        @OnMessage
        public int message(String text) throws InterruptedException {
            WAITING.incrementAndGet();
            END.await();
            return text.length();
        }
    }

    @ServerEndpoint("/parting")
    public static class PartingEndpoint {
        static final AtomicInteger WAITING = new AtomicInteger();
        static final CountDownLatch END = new CountDownLatch(1);

        @OnMessage
        public int message(byte[] bytes) {
            return bytes.length;
        }

        @OnClose
        public void close() throws InterruptedException {
            WAITING.incrementAndGet();
            END.await();
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
                PatientEndpoint.class,
                PartingEndpoint.class,
                PromptEndpoint.class);
    }

    @AfterAll
    static void stop() {
        WaitingEndpoint.END.countDown();
        PatientEndpoint.END.countDown();
        PartingEndpoint.END.countDown();
        server.close();
    }

    @Test
    void an_endpoint_is_called_on_a_thread_for_endpoints_unless_it_never_waits() throws Exception {
        RecordingWebSocket waiting = new RecordingWebSocket(server.webSocket("/waiting"));
        waiting.send("who");
        assertThat(waiting.next()).asString().startsWith("parley-endpoints");

        RecordingWebSocket prompt = new RecordingWebSocket(server.webSocket("/prompt"));
        prompt.send("who");
        assertThat(prompt.next()).asString().endsWith("SelectorRunner");
    }

    @Test
    void an_endpoint_that_waits_with_a_large_message_holds_up_no_other_large_message() throws Exception {
        String large = "x".repeat(200_000);
        List<RecordingWebSocket> waiting = new ArrayList<>();
        for (int i = 0; i < Listener.workers() - 1; i++) {
            waiting.add(new RecordingWebSocket(server.webSocket("/patient")));
        }
        for (RecordingWebSocket client : waiting) {
            client.send(large);
        }
        await().until(() -> PatientEndpoint.WAITING.get() == waiting.size());
        RecordingWebSocket other = new RecordingWebSocket(server.webSocket("/echo"));
        other.send(large);
        assertThat(other.next()).isEqualTo(large);

        PatientEndpoint.END.countDown();
        for (RecordingWebSocket client : waiting) {
            assertThat(client.next()).isEqualTo("200000");
        }
    }

    @Test
    void an_endpoint_that_waits_over_the_end_of_a_large_message_holds_up_no_other_large_message() throws Exception {
        int most = Listener.workers() - 1;
        for (int i = 0; i < most; i++) {
            RawSocket client = RawSocket.open(server.port());
            assertThat(client.handshake("/parting")).startsWith("HTTP/1.1 101 ");
            // A message within a message, and none of the pieces with its end is the first
            client.send(RawSocket.frame(0x02, new byte[200_000])).send(RawSocket.frame(0x81, new byte[1]));
        }
        await().until(() -> PartingEndpoint.WAITING.get() == most);
        RecordingWebSocket other = new RecordingWebSocket(server.webSocket("/waiting"));
        other.send("x".repeat(200_000));
        assertThat(other.next()).isNotNull();
        PartingEndpoint.END.countDown();
    }

    @Test
    void endpoints_that_never_wait_are_served_though_as_many_others_wait_as_there_are_workers() throws Exception {
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
        String large = "x".repeat(500_000);
        echo.send(large);
        assertThat(echo.next()).isEqualTo(large);

        WaitingEndpoint.END.countDown();
        for (RecordingWebSocket client : waiting) {
            assertThat(client.next()).asString().startsWith("parley-endpoints");
        }
    }
}
