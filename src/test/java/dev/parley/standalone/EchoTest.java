package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.security.Guard;
import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.CloseReason;
import jakarta.websocket.ContainerProvider;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The echo, to clients that are not ours. */
@Timeout(60)
class EchoTest {
    private static StandaloneServer server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = StandaloneServer.start(
                Map.of("parley.port", "0", "parley.data", folder.toString(), "parley.limits.send-timeout", "5s"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void the_jdk_client_hears_text_and_binary_again_byte_for_byte() throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/echo"));
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);

        client.socket.sendText("ünïcode 😀", true).get();
        client.socket.sendBinary(ByteBuffer.wrap(bytes), true).get();

        assertThat(client.next()).isEqualTo("ünïcode 😀");
        assertThat(client.next()).isEqualTo(ByteBuffer.wrap(bytes));
    }

    @Test
    void a_message_in_fragments_comes_back_whole() throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/echo"));

        client.socket.sendText("a", false).get();
        client.socket.sendText("", false).get();
        client.socket.sendPing(ByteBuffer.wrap(new byte[] {7})).get();
        client.socket.sendText("b", true).get();

        assertThat(client.next()).isEqualTo("pong 7");
        assertThat(client.next()).isEqualTo("ab");
    }

    @Test
    void an_empty_message_comes_back_empty() throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/echo"));

        client.socket.sendText("", true).get();
        client.socket.sendBinary(ByteBuffer.allocate(0), true).get();

        assertThat(client.next()).isEqualTo("");
        assertThat(client.next()).isEqualTo(ByteBuffer.allocate(0));
    }

    @Test
    void a_thousand_messages_come_back_in_order() throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/echo"));
        for (int i = 0; i < 1_000; i++) {
            client.socket.sendText("message " + i, true).get();
        }

        for (int i = 0; i < 1_000; i++) {
            assertThat(client.next()).isEqualTo("message " + i);
        }
    }

    @Test
    void a_message_of_the_limit_comes_back_and_a_ten_megabyte_one_closes1009() throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/echo"));
        byte[] largest = new byte[5 * 1024 * 1024];

        client.socket.sendBinary(ByteBuffer.wrap(largest), true).get();
        assertThat(client.next()).isEqualTo(ByteBuffer.wrap(largest));

        client.socket
                .sendBinary(ByteBuffer.allocate(10 * 1024 * 1024), true)
                .handle((sent, cause) -> sent)
                .get();
        assertThat(client.closed.get(20, TimeUnit.SECONDS)).isEqualTo("1009 too-large; do not reconnect");
    }

    @Test
    void a_text_in_fragments_beyond_the_limit_closes1009() throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/echo"));
        String part = "x".repeat(1024 * 1024);

        CompletableFuture<WebSocket> sent = client.socket.sendText(part, false);
        for (int i = 0; i < 6; i++) {
            sent = sent.thenCompose(socket -> socket.sendText(part, false));
        }
        sent.handle((socket, cause) -> socket).get();

        assertThat(client.closed.get(20, TimeUnit.SECONDS)).isEqualTo("1009 too-large; do not reconnect");
    }

    @Test
    void a_client_that_closes_is_answered_with_its_code() throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/echo"));

        client.socket.sendClose(4321, "bye").get();

        assertThat(client.closed.get(10, TimeUnit.SECONDS)).isEqualTo("4321 bye");
    }

    @Test
    void a_client_that_never_reads_is_closed_as_slow_and_others_are_not() throws Exception {
        RecordingWebSocket other = new RecordingWebSocket(server.webSocket("/echo"));
        try (RawSocket deaf = RawSocket.open(server.port())) {
            deaf.handshake("/echo");
            byte[] frame = RawSocket.frame(0x82, new byte[100_000]);
            for (int i = 0; i < 300; i++) {
                deaf.send(frame);
            }
            assertThat(deaf.readAll()).endsWith("\u0088\u0011\u000f\u00a2slow; reconnect");
        }
        other.socket.sendText("still here", true).get();

        assertThat(other.next()).isEqualTo("still here");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> server.bean(Guard.class).connections() <= 8);
    }

    @Test
    void the_tyrus_client_hears_text_binary_and_pong() throws Exception {
        Queue<Object> heard = new ConcurrentLinkedQueue<>();
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        Session session = ContainerProvider.getWebSocketContainer()
                .connectToServer(
                        new Endpoint() {
                            @Override
                            public void onOpen(Session opened, EndpointConfig config) {
                                opened.addMessageHandler(String.class, (MessageHandler.Whole<String>) heard::add);
                                opened.addMessageHandler(
                                        ByteBuffer.class, (MessageHandler.Whole<ByteBuffer>) heard::add);
                                opened.addMessageHandler(PongMessage.class, pong -> heard.add("pong"));
                            }

                            @Override
                            public void onClose(Session ended, CloseReason reason) {
                                closed.complete(reason.getCloseCode().getCode());
                            }
                        },
                        ClientEndpointConfig.Builder.create().build(),
                        server.webSocket("/echo"));

        session.getBasicRemote().sendText("hello");
        session.getBasicRemote().sendBinary(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        session.getBasicRemote().sendPing(ByteBuffer.allocate(1));

        await().until(() -> heard.size() == 3);
        assertThat(heard).containsExactly("hello", ByteBuffer.wrap(new byte[] {1, 2, 3}), "pong");
        session.close();
        assertThat(closed.get(10, TimeUnit.SECONDS)).isEqualTo(1000);
    }
}
