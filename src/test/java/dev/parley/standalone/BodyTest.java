package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.security.Guard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bodies of requests: whole, in pieces, too large, and those that do not come. */
@Timeout(60)
class BodyTest {
    private static final String POST = "POST /health/live HTTP/1.1\r\nHost: localhost\r\n";

    private static StandaloneServer server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = StandaloneServer.start(Map.of(
                "parley.port", "0",
                "parley.data", folder.toString(),
                "parley.limits.message-size", "100000",
                "parley.limits.unfinished-size", "1048576",
                "parley.limits.body-timeout", "1s"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aBodyMayComeInPiecesAndTheConnectionGoesOn() throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            for (int i = 0; i < 3; i++) {
                socket.send(POST + "Content-Length: 5\r\n\r\nhe").send("llo");
                assertMethodNotAllowed(socket);
                socket.send(POST + "Transfer-Encoding: chunked\r\n\r\n3\r\nhel").send("\r\n2\r\nlo\r\n0\r\n\r\n");
                assertMethodNotAllowed(socket);
            }
        }
    }

    @Test
    void whoExpectsToBeAskedForTheBodyIs() throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            socket.send(POST + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            assertThat(socket.readHeader()).startsWith("HTTP/1.1 100 ");
            socket.send("hello");
            assertMethodNotAllowed(socket);
        }
    }

    @Test
    void aBodyThatSaysThatItIsTooLargeIsRefusedBeforeItComes() throws IOException {
        assertThat(RawSocket.ask(server.port(), POST + "Content-Length: 100001"))
                .startsWith("HTTP/1.1 413 ")
                .contains("parley.limits.message-size, 100000 bytes");
    }

    @Test
    void aBodyThatDoesNotSayItIsRefusedAtTheFirstByteThatIsTooMany() throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            socket.send(POST + "Transfer-Encoding: chunked\r\n\r\n186a0\r\n" + "x".repeat(100_000) + "\r\n1\r\nx");
            assertThat(socket.readHeader()).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void aForeignPageIsRefusedBeforeItsBodyComes() throws IOException {
        assertThat(RawSocket.ask(server.port(), POST + "Origin: http://evil.example\r\nContent-Length: 5"))
                .startsWith("HTTP/1.1 403 ");
    }

    @Test
    void bodiesThatDoNotComeHoldNoThreadAndAreEndedByTheTimeLimit() throws IOException {
        List<RawSocket> dripping = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            RawSocket socket = RawSocket.open(server.port());
            dripping.add(socket.send(POST + "Content-Length: 5\r\n\r\nhe"));
        }
        try (RawSocket other = RawSocket.open(server.port())) {
            other.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(other.readHeader()).startsWith("HTTP/1.1 200 ");
        }
        for (RawSocket socket : dripping) {
            assertThat(socket.readAll()).isEmpty();
            socket.close();
        }
        await().until(() -> server.bean(Guard.class).connections() <= 1);
    }

    @Test
    void allThatIsNotWholeTogetherHasALimit() throws IOException {
        List<RawSocket> unfinished = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            RawSocket socket = RawSocket.open(server.port());
            unfinished.add(socket.send(POST + "Content-Length: 100000\r\n\r\n" + "x".repeat(99_999)));
        }
        List<String> answers = new ArrayList<>();
        for (RawSocket socket : unfinished) {
            answers.add(socket.readHeader());
        }
        assertThat(answers)
                .anyMatch(answer -> answer.startsWith("HTTP/1.1 503 "))
                .anyMatch(String::isEmpty);
        for (RawSocket socket : unfinished) {
            socket.close();
        }
        await().until(() -> server.bean(Guard.class).connections() <= 1);
        try (RawSocket socket = RawSocket.open(server.port())) {
            socket.send(POST + "Content-Length: 90000\r\n\r\n" + "x".repeat(89_999))
                    .send("x");
            assertMethodNotAllowed(socket);
        }
    }

    private static void assertMethodNotAllowed(RawSocket socket) throws IOException {
        String answer = socket.readHeader();
        assertThat(answer).startsWith("HTTP/1.1 405 ");
        if (answer.contains("Content-Length: ")) {
            socket.read(Integer.parseInt(answer.replaceFirst("(?s).*Content-Length: (\\d+).*", "$1")));
        }
    }
}
