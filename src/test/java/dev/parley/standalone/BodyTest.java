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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of requests: whole, in pieces, too large, and those that do not come. */
@Timeout(60)
class BodyTest {
    private static final String POST = "POST /health/live HTTP/1.1\r\nHost: localhost\r\n";

    private static StandaloneServer server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = start(folder, "30s");
    }

    private static StandaloneServer start(Path folder, String timeout) {
        return StandaloneServer.start(Map.of(
                "parley.port", "0",
                "parley.data", folder.toString(),
                "parley.limits.message-size", "100000",
                "parley.limits.unfinished-size", "1048576",
                "parley.limits.publish-bytes-per-second", "1",
                "parley.limits.publish-burst", "100000",
                "parley.limits.body-timeout", timeout));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_body_may_come_in_pieces_and_the_connection_goes_on() throws IOException {
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
    void who_expects_to_be_asked_for_the_body_is() throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            socket.send(POST + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            assertThat(socket.readHeader()).startsWith("HTTP/1.1 100 ");
            socket.send("hello");
            assertMethodNotAllowed(socket);
        }
    }

    @Test
    void a_body_that_says_that_it_is_too_large_is_refused_before_it_comes() throws IOException {
        assertThat(RawSocket.ask(server.port(), POST + "Content-Length: 100001"))
                .startsWith("HTTP/1.1 413 ")
                .contains("parley.limits.message-size, 100000 bytes");
    }

    @Test
    void a_publish_over_the_rate_is_refused_before_its_body_comes() throws IOException {
        String publish = """
                POST /api/channels/a/messages HTTP/1.1
                Host: localhost
                Connection: close
                Content-Type: text/plain
                Content-Length: 90000

                """.replace("\n", "\r\n");
        assertThat(RawSocket.ask(server.port(), publish + "x".repeat(90_000))).startsWith("HTTP/1.1 201 ");

        assertThat(RawSocket.ask(server.port(), publish))
                .startsWith("HTTP/1.1 429 ")
                .contains("Retry-After: ")
                .contains("too-many-publishes")
                .contains("parley.limits.publish-bytes-per-second");
        assertThat(RawSocket.ask(server.port(), publish.replace("90000", "999999999999")))
                .as("what nobody may publish, at whatever rate")
                .startsWith("HTTP/1.1 413 ");
    }

    @Test
    void a_body_that_does_not_say_it_is_refused_at_the_first_byte_that_is_too_many() throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            socket.send(POST + "Transfer-Encoding: chunked\r\n\r\n186a0\r\n" + "x".repeat(100_000) + "\r\n1\r\nx");
            assertThat(socket.readAll())
                    .startsWith("HTTP/1.1 413 ")
                    .contains("parley.limits.message-size, 100000 bytes");
        }
    }

    /** RFC 9112 section 7.1. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "5\r\nhello\r\n0\r\n\r\n",
                "5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n",
                "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n",
                "000005\r\nhello\r\n000\r\n\r\n",
                "5;name\r\nhello\r\n0;name=value\r\n\r\n",
                "5 ; name = \"a;b\" ; other\r\nhello\r\n0\r\n\r\n",
                "5\r\nhello\r\n0\r\nX: y\r\nContent-Length: 7\r\n\r\n",
                "2\r\n\r\n\r\n0\r\n\r\n",
            })
    void a_body_in_chunks_is_taken_to_its_end_and_what_follows_is_the_next_request(String body) throws IOException {
        String request = POST + "Transfer-Encoding: chunked\r\n\r\n" + body;
        try (RawSocket whole = RawSocket.open(server.port());
                RawSocket dripping = RawSocket.open(server.port())) {
            whole.send(request + request);
            assertMethodNotAllowed(whole);
            assertMethodNotAllowed(whole);
            for (char octet : (request + request).toCharArray()) {
                dripping.send(String.valueOf(octet));
            }
            assertMethodNotAllowed(dripping);
            assertMethodNotAllowed(dripping);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5\nhello\r\n0\r\n\r\n",
                "5\r\nhello\n0\r\n\r\n",
                "5\r\nhello\r\n0\n\r\n",
                "5\r\nhello\r\n0\r\n\n",
                "5\rhello\r\n0\r\n\r\n",
                "5\r\r\nhello\r\n0\r\n\r\n",
                "5\r\nhello\r0\r\n\r\n",
                "5\r\nhello\r\r\n0\r\n\r\n",
                "5\r\nhello0\r\n\r\n",
                "5\r\nhelloxx\r\n0\r\n\r\n",
                "5\r\nhello \r\n0\r\n\r\n",
                "5\r\nhello\r\n\r\n0\r\n\r\n",
                " 5\r\nhello\r\n0\r\n\r\n",
                "5 \r\nhello\r\n0\r\n\r\n",
                "5\t\r\nhello\r\n0\r\n\r\n",
                "5 5\r\nhello\r\n0\r\n\r\n",
                "+5\r\nhello\r\n0\r\n\r\n",
                "-5\r\nhello\r\n0\r\n\r\n",
                "0x5\r\nhello\r\n0\r\n\r\n",
                "5h\r\nhello\r\n0\r\n\r\n",
                "5,5\r\nhello\r\n0\r\n\r\n",
                "\u00b25\r\nhello\r\n0\r\n\r\n",
                "\r\n5\r\nhello\r\n0\r\n\r\n",
                ";name\r\n\r\n",
                "10000000000000005\r\nhello\r\n0\r\n\r\n",
                "0000000000000005\r\nhello\r\n0\r\n\r\n",
                "fffffffffffffffb\r\nhello\r\n0\r\n\r\n",
                "5;\r\nhello\r\n0\r\n\r\n",
                "5;=value\r\nhello\r\n0\r\n\r\n",
                "5;name\nhello\r\n0\r\n\r\n",
                "5;na\u0000me\r\nhello\r\n0\r\n\r\n",
                "5;name=\"a\nb\"\r\nhello\r\n0\r\n\r\n",
                "5\r\nhello\r\n0\r\nno colon\r\n\r\n",
                "5\r\nhello\r\n0\r\nX : y\r\n\r\n",
                "5\r\nhello\r\n0\r\nX: y\n\r\n",
                "5\r\nhello\r\n0\r\nX: \u0000y\r\n\r\n",
                "5\r\nhello\r\n0\r\nX: y\r\n folded\r\n\r\n",
                "5\r\nhello\r\n0\r\nGET /missing HTTP/1.1\r\n\r\n",
            })
    void a_body_in_chunks_that_is_not_to_the_letter_is_answered_with400_and_the_connection_ends(String body)
            throws IOException {
        String next = "GET /missing HTTP/1.1\r\nHost: localhost\r\n\r\n";
        for (String method : List.of("POST", "HEAD")) {
            String head = POST.replace("POST", method) + "Transfer-Encoding: chunked\r\n\r\n";
            try (RawSocket whole = RawSocket.open(server.port());
                    RawSocket pieces = RawSocket.open(server.port())) {
                assertRefused(whole.send(head + body + next).readAll());
                assertRefused(pieces.send(head).send(body).readAll());
            }
        }
    }

    private static void assertRefused(String answer) {
        assertThat(answer)
                .startsWith("HTTP/1.1 400 ")
                .contains("\r\nConnection: close\r\n")
                .doesNotContain("HTTP/1.1 404", "Exception", "\tat ");
    }

    @Test
    void extensions_and_trailers_have_a_limit() throws IOException {
        String head = POST + "Transfer-Encoding: chunked\r\n\r\n";
        try (RawSocket extensions = RawSocket.open(server.port());
                RawSocket blanks = RawSocket.open(server.port());
                RawSocket trailers = RawSocket.open(server.port());
                RawSocket trailer = RawSocket.open(server.port())) {
            assertThat(extensions.send(head + "5;x=" + "y".repeat(255)).readAll())
                    .startsWith("HTTP/1.1 400 ")
                    .contains("longer than 256 bytes");
            assertThat(blanks.send(head + "5" + " ".repeat(258)).readAll()).startsWith("HTTP/1.1 400 ");
            assertThat(trailers.send(head + "0\r\n" + "X: y\r\n".repeat(2_731)).readAll())
                    .startsWith("HTTP/1.1 431 ")
                    .contains("longer than 16384 bytes");
            assertThat(trailer.send(head + "0\r\nX: " + "y".repeat(16_382)).readAll())
                    .startsWith("HTTP/1.1 431 ");
        }
    }

    @Test
    void who_expects_to_be_asked_for_a_body_in_chunks_is() throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            socket.send(POST + "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
            assertThat(socket.readHeader()).startsWith("HTTP/1.1 100 ");
            socket.send("5\r\nhello\r\n0\r\n\r\n");
            assertMethodNotAllowed(socket);
        }
    }

    @Test
    void a_foreign_page_is_refused_before_its_body_comes() throws IOException {
        assertThat(RawSocket.ask(server.port(), POST + "Origin: http://evil.example\r\nContent-Length: 5"))
                .startsWith("HTTP/1.1 403 ")
                .contains("Pages of this origin may not use this server");
    }

    @Test
    void bodies_that_do_not_come_hold_no_thread_and_are_ended_by_the_time_limit(@TempDir Path folder)
            throws IOException {
        try (StandaloneServer impatient = start(folder, "2s")) {
            List<RawSocket> late = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                RawSocket socket = RawSocket.open(impatient.port());
                late.add(socket.send(POST + "Content-Length: 5\r\n\r\nhe"));
            }
            late.add(unfinished(impatient));
            try (RawSocket other = RawSocket.open(impatient.port())) {
                other.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(other.readHeader()).startsWith("HTTP/1.1 200 ");
            }
            for (RawSocket socket : late) {
                assertThat(socket.readAll()).isEmpty();
                socket.close();
            }
            await().until(() -> impatient.bean(Guard.class).connections() == 0);
        }
    }

    @Test
    void all_that_is_not_whole_together_has_a_limit() throws IOException {
        List<RawSocket> unfinished = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            unfinished.add(unfinished(server));
        }
        await().until(() -> !answered(unfinished).isEmpty());
        List<RawSocket> refused = answered(unfinished);
        assertThat(refused).as("the others wait for their ends").hasSizeLessThanOrEqualTo(4);
        for (RawSocket socket : refused) {
            assertThat(socket.readAll())
                    .startsWith("HTTP/1.1 503 ")
                    .contains("The server holds as much of requests that are not whole as it may.");
        }
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

    /** One whose body has come but for its last byte. */
    private static RawSocket unfinished(StandaloneServer server) throws IOException {
        return RawSocket.open(server.port()).send(POST + "Content-Length: 100000\r\n\r\n" + "x".repeat(99_999));
    }

    private static List<RawSocket> answered(List<RawSocket> sockets) throws IOException {
        List<RawSocket> answered = new ArrayList<>();
        for (RawSocket socket : sockets) {
            if (socket.hasSome()) {
                answered.add(socket);
            }
        }
        return answered;
    }

    private static void assertMethodNotAllowed(RawSocket socket) throws IOException {
        String answer = socket.readHeader();
        assertThat(answer).startsWith("HTTP/1.1 405 ");
        if (answer.contains("Content-Length: ")) {
            socket.read(Integer.parseInt(answer.replaceFirst("(?s).*Content-Length: (\\d+).*", "$1")));
        }
    }
}
