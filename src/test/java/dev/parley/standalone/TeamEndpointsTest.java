package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.e2e.RawWebSocketClient;
import dev.parley.grizzly.CloseTimeouts;
import jakarta.websocket.CloseReason;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.glassfish.tyrus.core.BaseContainer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a team's endpoint or its clients wait for, nothing else waits; and what waits for them is bounded. */
@Timeout(120)
class TeamEndpointsTest {
    private static final String LARGE = "x".repeat(100_000);
    private static final int DEAF = 12;
    private static StandaloneServer server;

    /** Sends as its client says. */
    @ServerEndpoint("/own/sending")
    public static class SendingEndpoint {
        enum Way {
            RETURNED,
            TEXT,
            BINARY,
            PARTS,
            OBJECT,
            STREAM,
            WRITER
        }

        static final Queue<Throwable> FAILED = new ConcurrentLinkedQueue<>();
        static final Queue<Integer> CODES = new ConcurrentLinkedQueue<>();

        @OnClose
        public void close(CloseReason reason) {
            CODES.add(reason.getCloseCode().getCode());
        }

        @OnError
        public void failed(Throwable failure) {
            FAILED.add(failure);
        }

        @OnMessage
        public String send(Session session, String way) throws Exception {
            if (!way.startsWith("RETURNED")) {
                send(session, Way.valueOf(way));
            }
            return LARGE;
        }

        private static void send(Session session, Way way) throws Exception {
            while (session.isOpen()) {
                switch (way) {
                    case TEXT, RETURNED -> session.getBasicRemote().sendText(LARGE);
                    case BINARY -> session.getBasicRemote().sendBinary(ByteBuffer.allocate(LARGE.length()));
                    case PARTS -> session.getBasicRemote().sendText(LARGE, false);
                    case OBJECT -> session.getBasicRemote().sendObject(LARGE);
                    case STREAM -> stream(session);
                    case WRITER -> writer(session);
                }
            }
        }

        private static void stream(Session session) throws IOException {
            try (OutputStream stream = session.getBasicRemote().getSendStream()) {
                stream.write(new byte[LARGE.length()]);
            }
        }

        private static void writer(Session session) throws IOException {
            try (Writer writer = session.getBasicRemote().getSendWriter()) {
                writer.write(LARGE);
                writer.write(LARGE);
            }
        }
    }

    @ServerEndpoint("/own/waiting")
    public static class WaitingEndpoint {
        static final AtomicInteger WAITING = new AtomicInteger();
        static final CountDownLatch END = new CountDownLatch(1);

        @OnMessage
        public void message(String text) throws InterruptedException {
            WAITING.incrementAndGet();
            END.await();
        }
    }

    @ServerEndpoint("/own/greedy")
    public static class GreedyEndpoint {
        static final AtomicInteger WAITING = new AtomicInteger();
        static final CountDownLatch END = new CountDownLatch(1);

        @OnMessage
        public void message(String text) throws InterruptedException {
            WAITING.incrementAndGet();
            END.await();
        }
    }

    @ServerEndpoint("/own/other")
    public static class OtherEndpoint {
        @OnMessage
        public String message(String text) {
            return text;
        }
    }

    /** Never two things at once. */
    @ServerEndpoint("/own/orderly")
    public static class OrderlyEndpoint {
        static final Queue<String> TOLD = new ConcurrentLinkedQueue<>();
        static final AtomicInteger AT_ONCE = new AtomicInteger();
        static final AtomicInteger MOST_AT_ONCE = new AtomicInteger();
        static final CountDownLatch GO_ON = new CountDownLatch(1);

        @OnOpen
        public void open() throws InterruptedException {
            told("open");
        }

        @OnMessage
        public void message(String text) throws InterruptedException {
            told(text);
        }

        @OnClose
        public void close() throws InterruptedException {
            told("close");
        }

        private static void told(String what) throws InterruptedException {
            MOST_AT_ONCE.accumulateAndGet(AT_ONCE.incrementAndGet(), Math::max);
            GO_ON.await();
            TOLD.add(what);
            AT_ONCE.decrementAndGet();
        }
    }

    /** Sends without waiting. */
    @ServerEndpoint("/own/async")
    public static class AsyncEndpoint {
        static final Queue<SendResult> TOLD = new ConcurrentLinkedQueue<>();
        static final Queue<SendResult> LATE = new ConcurrentLinkedQueue<>();
        static final Queue<String> THREADS = new ConcurrentLinkedQueue<>();

        @OnMessage
        public void message(Session session, String text) {
            if (text.equals("late")) {
                session.getAsyncRemote().setSendTimeout(100);
                session.getAsyncRemote().sendText(LARGE.repeat(10), LATE::add);
                return;
            }
            for (int i = 0; i < Integer.parseInt(text); i++) {
                session.getAsyncRemote().sendText(LARGE, result -> {
                    THREADS.add(Thread.currentThread().getName());
                    TOLD.add(result);
                });
            }
        }
    }

    /** Its sessions end when nothing is said. */
    @ServerEndpoint("/own/idle")
    public static class IdleEndpoint {
        static final CountDownLatch CLOSED = new CountDownLatch(1);

        @OnOpen
        public void open(Session session) {
            session.setMaxIdleTimeout(TimeUnit.MINUTES.toMillis(10));
        }

        @OnMessage
        public int message(Session session, String text) {
            if (text.equals("soon")) {
                session.setMaxIdleTimeout(100);
            }
            return ((ScheduledThreadPoolExecutor)
                            ((BaseContainer) session.getContainer()).getScheduledExecutorService())
                    .getQueue()
                    .size();
        }

        @OnClose
        public void close() {
            CLOSED.countDown();
        }
    }

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = StandaloneServer.start(
                StandaloneSettings.read(
                        Map.of(
                                "parley.port", "0",
                                "parley.management.port", "0",
                                "parley.data", folder.toString(),
                                "parley.endpoints.threads", "80",
                                "parley.limits.send-buffer", "16KB",
                                "parley.limits.send-timeout", "2s",
                                "parley.ping.interval", "4s",
                                "parley.ping.timeout", "2s"),
                        Optional.empty()),
                new CloseTimeouts(Duration.ofSeconds(20), CloseTimeouts.DEFAULTS.silence()),
                SendingEndpoint.class,
                WaitingEndpoint.class,
                GreedyEndpoint.class,
                OtherEndpoint.class,
                OrderlyEndpoint.class,
                AsyncEndpoint.class,
                IdleEndpoint.class);
    }

    @AfterAll
    static void stop() {
        WaitingEndpoint.END.countDown();
        GreedyEndpoint.END.countDown();
        OrderlyEndpoint.GO_ON.countDown();
        server.close();
    }

    @ParameterizedTest
    @EnumSource(SendingEndpoint.Way.class)
    void who_sends_to_clients_that_do_not_read_waits_no_longer_than_the_send_timeout(SendingEndpoint.Way way)
            throws Exception {
        SendingEndpoint.FAILED.clear();
        SendingEndpoint.CODES.clear();
        List<RawWebSocketClient> deaf = new ArrayList<>();
        for (int i = 0; i < DEAF; i++) {
            deaf.add(open("/own/sending"));
        }
        for (RawWebSocketClient client : deaf) {
            for (int i = 0; i < (way == SendingEndpoint.Way.RETURNED ? 8 : 1); i++) {
                client.send(way.name());
            }
        }

        assertThatOthersAreServed();
        await().atMost(Duration.ofSeconds(60)).until(() -> SendingEndpoint.CODES.size() == DEAF);
        assertThat(SendingEndpoint.CODES).containsOnly(4002);
        assertThat(SendingEndpoint.FAILED).hasSize(DEAF);
        for (RawWebSocketClient client : deaf) {
            client.close();
        }
    }

    @Test
    void a_client_that_takes_a_kilobyte_a_second_is_not_slow(@TempDir Path folder) throws Exception {
        Map<String, String> settings = Map.of(
                "parley.port", "0",
                "parley.data", folder.toString(),
                "parley.limits.send-buffer", "16KB",
                "parley.limits.send-timeout", "6s"); // longer than this thread may have to wait for its turn
        try (StandaloneServer patient = StandaloneServer.start(
                        StandaloneSettings.read(settings, Optional.empty()), SendingEndpoint.class);
                RawWebSocketClient client = RawWebSocketClient.open(patient.uri())) {
            assertThat(client.handshake("/own/sending")).startsWith("HTTP/1.1 101 ");
            client.send("TEXT");
            int taken = 0;
            while (taken < 13) { // two send timeouts
                assertThat(client.read(1024)).isTrue();
                TimeUnit.SECONDS.sleep(1);
                taken++;
            }
            assertThat(client.read(4 * 1024 * 1024)).as("goes on").isTrue();
        }
    }

    @Test
    void forty_calls_that_wait_wait_at_the_same_time_and_keep_nobody_else_waiting() throws Exception {
        List<RecordingWebSocket> waiting = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            waiting.add(new RecordingWebSocket(server.webSocket("/own/waiting")));
        }
        for (RecordingWebSocket client : waiting) {
            client.send("wait");
        }
        await().until(() -> WaitingEndpoint.WAITING.get() == waiting.size());
        List<RecordingWebSocket> greedy = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            greedy.add(new RecordingWebSocket(server.webSocket("/own/greedy")));
            greedy.get(i).send("wait");
        }
        await().until(() -> GreedyEndpoint.WAITING.get() >= 13);
        assertThatOthersAreServed();

        WaitingEndpoint.END.countDown();
        GreedyEndpoint.END.countDown();
        await().until(() -> GreedyEndpoint.WAITING.get() == greedy.size());
        waiting.forEach(client -> client.socket.abort());
        greedy.forEach(client -> client.socket.abort());
    }

    @Test
    void the_endpoint_of_a_session_is_told_one_thing_at_a_time_in_order_and_not_more_is_read_than_may_wait()
            throws Exception {
        RawWebSocketClient client = open("/own/orderly");
        Thread sending = new Thread(() -> {
            try {
                for (int i = 0; i < 200; i++) {
                    client.send(i + " " + LARGE);
                }
                client.write(RawWebSocketClient.frame(RawWebSocketClient.CLOSE, new byte[] {0x3, (byte) 0xe8}));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        sending.start();
        assertThatOthersAreServed();
        // 20 MB: neither of the systems' buffers takes so much
        await().until(() -> sending.getState() == Thread.State.RUNNABLE && OrderlyEndpoint.AT_ONCE.get() == 1);
        assertThat(OrderlyEndpoint.TOLD).isEmpty();

        OrderlyEndpoint.GO_ON.countDown();
        await().until(() -> OrderlyEndpoint.TOLD.contains("close"));
        sending.join();
        client.close();
        List<String> expected = new ArrayList<>(List.of("open"));
        IntStream.range(0, 200).forEach(i -> expected.add(i + " " + LARGE));
        expected.add("close");
        assertThat(OrderlyEndpoint.TOLD).containsExactlyElementsOf(expected);
        assertThat(OrderlyEndpoint.MOST_AT_ONCE).hasValue(1);
    }

    @Test
    void what_is_sent_without_waiting_is_bounded_and_its_sender_is_told() throws Exception {
        try (RawWebSocketClient client = open("/own/async")) {
            client.send("1000"); // 100 MB
            await().until(() -> AsyncEndpoint.TOLD.size() == 1000);
            assertThat(AsyncEndpoint.TOLD).filteredOn(result -> !result.isOK()).hasSizeGreaterThan(900);
            assertThat(AsyncEndpoint.THREADS).noneMatch(name -> name.contains("Selector"));
            client.readFaster();
            assertThat(client.nextClose().orElseThrow().code()).isEqualTo((short) 4002);
        }
    }

    @Test
    void the_send_timeout_of_a_session_is_honoured() throws Exception {
        try (RawWebSocketClient client = open("/own/async")) {
            client.send("late");
            await().until(() -> AsyncEndpoint.LATE.size() == 1);
            SendResult told = AsyncEndpoint.LATE.element();
            assertThat(told.isOK()).isFalse();
            assertThat(told.getException()).isInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    @Test
    void an_idle_timeout_costs_no_timer_a_message() throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/own/idle"));
        for (int i = 0; i < 500; i++) {
            client.send("again");
            assertThat(client.next()).isNotNull();
        }
        client.send("again");
        assertThat(Integer.parseInt(client.next().toString())).isLessThan(10);

        client.send("soon");
        assertThat(client.closed.get(20, TimeUnit.SECONDS)).startsWith("1000");
        assertThat(IdleEndpoint.CLOSED.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_peer_that_is_gone_is_found_and_one_that_answers_stays() throws Exception {
        RecordingWebSocket alive = new RecordingWebSocket(server.webSocket("/own/other"));
        try (RawWebSocketClient dead = open("/own/other")) {
            assertThat(dead.next().orElseThrow().first()).isEqualTo(RawWebSocketClient.PING);
            RawWebSocketClient.Frame close = dead.next().orElseThrow();
            assertThat(close.first()).isEqualTo(RawWebSocketClient.CLOSE);
            assertThat(close.code()).isEqualTo((short) 4003);
        }
        alive.send("still here");
        assertThat(alive.next()).isEqualTo("still here");
    }

    private static RawWebSocketClient open(String path) throws IOException {
        RawWebSocketClient client = RawWebSocketClient.open(server.uri());
        assertThat(client.handshake(path)).startsWith("HTTP/1.1 101 ");
        return client;
    }

    private static void assertThatOthersAreServed() throws Exception {
        RecordingWebSocket other = new RecordingWebSocket(server.webSocket("/own/other"));
        other.send("still here");
        assertThat(other.next()).isEqualTo("still here");
        other.socket.abort();
        for (URI address : List.of(server.management().resolve("health/live"), server.uri())) {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(address)
                                    .timeout(Duration.ofSeconds(20))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isLessThan(500);
        }
    }
}
