package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.grizzly.CloseTimeouts;
import dev.parley.security.Guard;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that are still sending when their connection ends read why; and none of them keeps it for long. */
@Timeout(60)
class LingeringCloseTest {
    private static final String MESSAGES = "/api/channels/news/messages";
    private static final String POST = "POST " + MESSAGES + " HTTP/1.1\r\nHost: localhost\r\n";
    private static final byte[] TEN_MEGABYTES = new byte[10 * 1024 * 1024];

    /** More than the kernel takes of what nobody reads. */
    private static final int MANY = 1_000;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private Path folder;

    private StandaloneServer server;

    @BeforeEach
    void start() {
        start(Map.of());
    }

    private void start(Map<String, String> further) {
        start(further, CloseTimeouts.DEFAULTS);
    }

    private void start(Map<String, String> further, CloseTimeouts times) {
        Map<String, String> settings = new HashMap<>(further);
        settings.put("parley.port", "0");
        settings.put("parley.data", folder.resolve("data" + further.size()).toString());
        settings.put("parley.limits.message-size", "100000");
        server = StandaloneServer.start(StandaloneSettings.read(settings, Optional.empty()), times);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void who_sends_all_of_a_body_that_is_too_large_before_reading_reads_the_whole_answer() throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            socket.send(POST + "Content-Length: " + TEN_MEGABYTES.length + "\r\n\r\n");
            socket.send(TEN_MEGABYTES);

            assertTooLarge(socket.readAll());
        }
        awaitNobody();
    }

    @Test
    void so_does_who_sends_it_in_chunks_and_does_not_say_how_large_it_is() throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            socket.send(POST + "Transfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 10; i++) {
                socket.send("100000\r\n").send(new byte[1024 * 1024]).send("\r\n");
            }
            socket.send("0\r\n\r\n");

            assertTooLarge(socket.readAll());
        }
        awaitNobody();
    }

    private static void assertTooLarge(String answer) {
        assertThat(answer)
                .startsWith("HTTP/1.1 413 ")
                .contains("\r\nConnection: close\r\n", "\r\nContent-Type: application/problem+json")
                .contains("\"name\":\"too-large\"", "parley.limits.message-size, 100000 bytes")
                .endsWith("}\n")
                .containsOnlyOnce("HTTP/1.1");
    }

    @Test
    void the_client_of_the_jdk_is_told_too() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertTooLarge(post(BodyPublishers.ofByteArray(TEN_MEGABYTES)));
            assertTooLarge(post(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(TEN_MEGABYTES))));
        }
    }

    private static void assertTooLarge(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body())
                .contains("parley.limits.message-size, 100000 bytes")
                .endsWith("}\n");
    }

    private HttpResponse<String> post(HttpRequest.BodyPublisher body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(server.uri().resolve(MESSAGES))
                        .header("Content-Type", "application/octet-stream")
                        .POST(body)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** In each line a status, and what was refused with it: {@code ;} is where a line of it ends. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            400 | POST / HTTP/1.1;Host: localhost;Content-Length: 1, 1;;
            400 | POST / HTTP/1.1;Host: localhost;Transfer-Encoding: chunked;;no size
            400 | POST / HTTP/1.1;no colon;
            403 | POST / HTTP/1.1;Host: evil.example;Transfer-Encoding: chunked;;186a0;
            403 | POST / HTTP/1.1;Host: localhost;Origin: http://evil.example;Transfer-Encoding: chunked;;186a0;
            403 | GET /echo HTTP/1.1;Host: localhost;Origin: http://evil.example;Connection: Upgrade;Upgrade: websocket;;
            404 | GET /missing HTTP/1.1;Host: localhost;Connection: close;;
            413 | POST / HTTP/1.1;Host: localhost;Content-Length: 10485760;;
            426 | GET /echo HTTP/1.1;Host: localhost;Connection: Upgrade;Upgrade: websocket;;
            431 | POST / HTTP/1.1;Host: localhost;X: long
            """)
    void whatever_it_was_refused_for(int status, String refused) throws IOException {
        String request = refused.replace(";", "\r\n").replace(" long", " " + "y".repeat(20_000));
        try (RawSocket socket = RawSocket.open(server.port())) {
            socket.send(request).send(TEN_MEGABYTES);

            String answer = socket.readAll();

            assertThat(answer)
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("\r\nConnection: close\r\n")
                    .endsWith("\n")
                    .containsOnlyOnce("HTTP/1.1");
            int length = Integer.parseInt(answer.replaceFirst("(?s).*Content-Length: (\\d+).*", "$1"));
            assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4)).hasSize(length);
        }
        awaitNobody();
    }

    @Test
    void who_has_no_place_is_told_so_too() throws IOException {
        server.close();
        start(Map.of("parley.limits.connections", "1"));
        try (RawSocket first = RawSocket.open(server.port())) {
            await().until(() -> server.bean(Guard.class).connections() == 1);
            try (RawSocket second = RawSocket.open(server.port())) {
                // It has two seconds in all
                second.send(POST + "Content-Length: 100000\r\n\r\n");
                second.send(new byte[100_000]);

                assertThat(second.readAll())
                        .startsWith("HTTP/1.1 503 ")
                        .contains("\"name\":\"unavailable\"", "may have 1 connections (parley.limits.connections)")
                        .containsOnlyOnce("HTTP/1.1");
            }
            first.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(first.readHeader()).startsWith("HTTP/1.1 200 ");
        }
    }

    /** It is heard no more, see {@link dev.parley.grizzly.DisconnectWatch}; what it has sent must not cost it the answer to what it asked first. */
    @Test
    void who_asks_on_while_an_answer_waits_reads_that_answer() throws Exception {
        try (RawSocket socket = RawSocket.open(server.port())) {
            socket.send("GET " + MESSAGES + "?wait=30 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Thread asking = new Thread(() -> sendOn(socket, TEN_MEGABYTES, 1));
            asking.start();
            await().until(() -> {
                assertThat(post(BodyPublishers.ofString("hello")).statusCode()).isEqualTo(201);
                return !asking.isAlive();
            });

            assertThat(socket.readAll())
                    .startsWith("HTTP/1.1 200 ")
                    .contains("\r\nConnection: close\r\n")
                    .endsWith("]}\n")
                    .containsOnlyOnce("HTTP/1.1");
        }
    }

    @Test
    void who_never_stops_sending_is_ended() throws Exception {
        try (RawSocket socket = RawSocket.open(server.port())) {
            socket.send(POST + "Content-Length: 999999999999\r\n\r\n");

            assertThatThrownBy(() -> sendOn(socket, TEN_MEGABYTES, MANY)).isInstanceOf(IllegalStateException.class);
        }
        awaitNobody();
    }

    @Test
    void who_drips_for_ever_is_ended() throws Exception {
        server.close();
        start(Map.of(), new CloseTimeouts(CloseTimeouts.DEFAULTS.farewell(), Duration.ofSeconds(1)));
        try (RawSocket socket = refusedAndCounted(999_999_999_999L)) {
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(100))
                    .ignoreExceptionsInstanceOf(
                            IOException.class) // of who sends to a connection that was ended just now
                    .until(() -> {
                        if (server.bean(Guard.class).connections() == 0) {
                            return true;
                        }
                        socket.send(new byte[1]);
                        return false;
                    });
        }
    }

    @Test
    void who_never_closes_is_ended_and_counts_until_then() throws IOException {
        RawSocket socket = refusedAndCounted(200_000);
        try {
            awaitNobody();
        } finally {
            socket.close();
        }
    }

    @Test
    void a_server_that_stops_waits_for_none_of_them() throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            socket.send(POST + "Content-Length: 999999999999\r\n\r\n");
            assertTooLarge(socket.readAll());

            server.close();

            assertThatThrownBy(() -> sendOn(socket, new byte[100_000], MANY)).isInstanceOf(IllegalStateException.class);
        }
    }

    /** One that is told so, does not close, and counts. It does for two seconds: who looks later than that tries again. */
    private RawSocket refusedAndCounted(long length) throws IOException {
        for (int i = 0; i < 5; i++) {
            RawSocket socket = RawSocket.open(server.port());
            socket.send(POST + "Content-Length: " + length + "\r\n\r\n");
            assertTooLarge(socket.readAll());
            if (server.bean(Guard.class).connections() == 1) {
                return socket;
            }
            socket.close();
            awaitNobody();
        }
        throw new AssertionError("It does not count");
    }

    private static void sendOn(RawSocket socket, byte[] bytes, int times) {
        try {
            for (int i = 0; i < times; i++) {
                socket.send(bytes);
            }
        } catch (IOException e) {
            throw new IllegalStateException("The connection has ended.", e);
        }
    }

    private void awaitNobody() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> server.bean(Guard.class).connections() == 0);
    }
}
