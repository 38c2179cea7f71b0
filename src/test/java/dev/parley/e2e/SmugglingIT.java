package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.standalone.RawSocket;
import dev.parley.standalone.StandaloneServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * No octet of a body is read as a request, whatever the method and however the body is framed (RFC 9112 section 6): who
 * reads the end of a body elsewhere than the proxy before it lets one client speak in another's name.
 */
@Timeout(120)
class SmugglingIT {
    private static final String HANDSHAKE =
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    private static final String HOST = "Host: localhost\r\n";
    private static final String SECRET = "what only the hidden request asks for";
    private static final String HIDDEN = "GET /hidden.txt HTTP/1.1\r\n" + HOST + "\r\n";
    private static final String LAST = "GET /page.txt HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n";
    private static final Pattern ANSWER = Pattern.compile("HTTP/1\\.1 [2-5]\\d\\d ");
    private static final List<String> PATHS = List.of(
            "/",
            "*",
            "/page.txt",
            "/missing",
            "/echo",
            "/channels",
            "/health/live",
            "/api/messages",
            "/api/channels/chat.a/messages",
            "/api/connection",
            "/api/missing");
    private static final List<String> METHODS = List.of(
            "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PRI", "trace", "get",
            "BREW");

    private static StandaloneServer server;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        Path web = Files.createDirectories(folder.resolve("web"));
        Files.writeString(web.resolve("index.html"), "home");
        Files.writeString(web.resolve("page.txt"), "page");
        Files.writeString(web.resolve("hidden.txt"), SECRET);
        server = TestServers.start(
                folder,
                Map.of(
                        "parley.web", web.toString(),
                        "parley.limits.commands-per-second", "1000000",
                        "parley.limits.burst", "1000000"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** What says how long the body is, rightly or not, and the body: {@code #} is the hidden request, in every form. */
    enum Framing {
        LENGTH("Content-Length: 45\r\n", "#"),
        LENGTH_AFTER_TAB("Content-Length:\t45\r\n", "#"),
        LENGTH_BEFORE_TAB("Content-Length: 45\t\r\n", "#"),
        LENGTH_WITHOUT_BLANK("content-length:45\r\n", "#"),
        LENGTH_WITH_ZEROS("Content-Length: 0000045\r\n", "#"),
        LENGTH_OF_HTTP_1_0("1.0 Connection: keep-alive\r\nContent-Length: 45\r\n", "#"),
        LENGTH_EXPECTING("Content-Length: 45\r\nExpect: 100-continue\r\n", "#"),
        LENGTH_EXPECTING_MORE("Content-Length: 45\r\nExpect: 100-continue, more\r\n", "#"),
        LENGTH_EXPECTING_ELSE("Expect: more\r\nContent-Length: 45\r\n", "#"),
        LENGTH_AND_H2C("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nContent-Length: 45\r\n", "#"),
        LENGTH_AND_WEBSOCKET("Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 45\r\n", "#"),
        LENGTH_AND_HANDSHAKE(
                "Connection: Upgrade\r\nUpgrade: h2c, websocket\r\n" + HANDSHAKE + "Content-Length: 45\r\n", "#"),
        LENGTH_AND_CODING("Content-Encoding: gzip\r\nContent-Length: 45\r\n", "#"),
        LENGTH_AND_TE("TE: chunked\r\nContent-Length: 45\r\n", "#"),
        LENGTH_AND_LIKENESS("Content_Length: 0\r\nX-Content-Length: 0\r\nContent-Length: 45\r\n", "#"),
        LENGTH_SIGNED("Content-Length: +45\r\n", "#"),
        LENGTH_NEGATIVE("Content-Length: -45\r\n", "#"),
        LENGTH_HEXADECIMAL("Content-Length: 0x2d\r\n", "#"),
        LENGTH_WITH_FRACTION("Content-Length: 45.0\r\n", "#"),
        LENGTH_WITH_BLANK("Content-Length: 4 6\r\n", "#"),
        LENGTH_EMPTY("Content-Length:\r\n", "#"),
        LENGTH_HUGE("Content-Length: 18446744073709551661\r\n", "#"),
        LENGTH_IN_LIST("Content-Length: 45, 45\r\n", "#"),
        LENGTHS_IN_LIST("Content-Length: 0,45\r\n", "#"),
        LENGTH_TWICE("Content-Length: 45\r\nContent-Length: 45\r\n", "#"),
        LENGTHS("Content-Length: 0\r\nContent-Length: 45\r\n", "#"),
        LENGTH_NAME_BLANK("Content-Length : 45\r\n", "#"),
        LENGTH_NAME_TAB("Content-Length\t: 45\r\n", "#"),
        LENGTH_FOLDED("Content-Length:\r\n 45\r\n", "#"),
        LENGTH_IN_FOLD("X: y\r\n Content-Length: 45\r\n", "#"),
        LENGTH_BEHIND_LF("X: y\nContent-Length: 45\r\n", "#"),
        LENGTH_BEHIND_CR("X: y\rContent-Length: 45\r\n", "#"),
        LENGTH_BEHIND_NUL("X: \0\r\nContent-Length: 45\r\n", "#"),
        LENGTH_AND_CHUNKED("Content-Length: 45\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n#"),
        CHUNKED_AND_LENGTH("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n#"),
        CHUNKED("Transfer-Encoding: chunked\r\n", "2d\r\n#\r\n0\r\n\r\n"),
        CHUNKED_IN_CAPITALS("TRANSFER-ENCODING: CHUNKED\r\n", "2D\r\n#\r\n0\r\n\r\n"),
        CHUNKED_AFTER_TAB("Transfer-Encoding:\tchunked\r\n", "2d\r\n#\r\n0\r\n\r\n"),
        CHUNKED_BEFORE_TAB("Transfer-Encoding: chunked\t\r\n", "2d\r\n#\r\n0\r\n\r\n"),
        CHUNKED_EXPECTING("Transfer-Encoding: chunked\r\nExpect: 100-Continue\r\n", "2d\r\n#\r\n0\r\n\r\n"),
        CHUNKED_AND_HANDSHAKE(
                "Connection: Upgrade\r\nUpgrade: websocket\r\n" + HANDSHAKE + "Transfer-Encoding: chunked\r\n",
                "2d\r\n#\r\n0\r\n\r\n"),
        CHUNKED_EXTENDED("Transfer-Encoding: chunked\r\n", "2d;a=b;c=\"d;e\"\r\n#\r\n0;f\r\n\r\n"),
        CHUNKED_WITH_TRAILERS("Transfer-Encoding: chunked\r\n", "2d\r\n#\r\n0\r\nContent-Length: 5\r\nX: y\r\n\r\n"),
        CHUNKED_WITH_ZEROS("Transfer-Encoding: chunked\r\n", "000002d\r\n#\r\n000\r\n\r\n"),
        CHUNKED_OF_HTTP_1_0("1.0 Transfer-Encoding: chunked\r\n", "2d\r\n#\r\n0\r\n\r\n"),
        CHUNKED_TWICE("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "2d\r\n#\r\n0\r\n\r\n"),
        CHUNKED_IN_LIST("Transfer-Encoding: chunked, chunked\r\n", "2d\r\n#\r\n0\r\n\r\n"),
        CHUNKED_BEHIND_COMMA("Transfer-Encoding: , chunked\r\n", "2d\r\n#\r\n0\r\n\r\n"),
        CHUNKED_BEHIND_GZIP("Transfer-Encoding: gzip, chunked\r\n", "2d\r\n#\r\n0\r\n\r\n"),
        CHUNKED_AND_IDENTITY("Transfer-Encoding: chunked, identity\r\n", "2d\r\n#\r\n0\r\n\r\n"),
        CHUNKED_THEN_IDENTITY("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n#"),
        IDENTITY("Transfer-Encoding: identity\r\n", "#"),
        IDENTITY_AND_LENGTH("Transfer-Encoding: identity\r\nContent-Length: 45\r\n", "#"),
        ENCODING_EMPTY("Transfer-Encoding:\r\n", "2d\r\n#\r\n0\r\n\r\n"),
        ENCODING_UNKNOWN("Transfer-Encoding: xchunked\r\n", "2d\r\n#\r\n0\r\n\r\n"),
        CHUNKED_WITH_PARAMETER("Transfer-Encoding: chunked;q=1\r\n", "2d\r\n#\r\n0\r\n\r\n"),
        CHUNKED_QUOTED("Transfer-Encoding: \"chunked\"\r\n", "2d\r\n#\r\n0\r\n\r\n"),
        CHUNKED_BEHIND_VT("Transfer-Encoding: \u000bchunked\r\n", "2d\r\n#\r\n0\r\n\r\n"),
        CHUNKED_BEHIND_NBSP("Transfer-Encoding: \u00a0chunked\r\n", "2d\r\n#\r\n0\r\n\r\n"),
        CHUNKED_NAME_BLANK("Transfer-Encoding : chunked\r\n", "2d\r\n#\r\n0\r\n\r\n"),
        CHUNKED_FOLDED("Transfer-Encoding:\r\n chunked\r\n", "2d\r\n#\r\n0\r\n\r\n"),
        CHUNKED_BEHIND_LF("X: y\nTransfer-Encoding: chunked\r\n", "2d\r\n#\r\n0\r\n\r\n"),
        CHUNK_OF_NO_SIZE("Transfer-Encoding: chunked\r\n", "zz\r\n#\r\n0\r\n\r\n"),
        CHUNK_SIGNED("Transfer-Encoding: chunked\r\n", "+2d\r\n#\r\n0\r\n\r\n"),
        CHUNK_NEGATIVE("Transfer-Encoding: chunked\r\n", "-1\r\n#\r\n0\r\n\r\n"),
        CHUNK_WITH_PREFIX("Transfer-Encoding: chunked\r\n", "0x2d\r\n#\r\n0\r\n\r\n"),
        CHUNK_BEYOND_LONG("Transfer-Encoding: chunked\r\n", "1000000000000002d\r\n#\r\n0\r\n\r\n"),
        CHUNK_LONGER_THAN_ITS_SIZE("Transfer-Encoding: chunked\r\n", "0\r\nx#"),
        CHUNK_WITHOUT_END("Transfer-Encoding: chunked\r\n", "1\r\nx0\r\n\r\n#"),
        CHUNK_ENDED_BY_LF("Transfer-Encoding: chunked\r\n", "1\r\nx\n0\n\n#"),
        SIZE_ENDED_BY_LF("Transfer-Encoding: chunked\r\n", "0\n\n#"),
        EXTENSION_ENDED_BY_LF("Transfer-Encoding: chunked\r\n", "2;\nxx\r\n2d\r\n0\r\n\r\n#"),
        LAST_CHUNK_THEN_REQUEST("Transfer-Encoding: chunked\r\n", "0\r\n#");

        private final String head;
        private final String body;

        Framing(String head, String body) {
            this.head = head;
            this.body = body;
        }

        private String request(String method, String path) {
            boolean old = head.startsWith("1.0 ");
            return method + " " + path + (old ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n") + HOST
                    + (old ? head.substring("1.0 ".length()) : head) + "\r\n" + body.replace("#", HIDDEN);
        }
    }

    /** Each method with each framing, on one path after the other. */
    @ParameterizedTest
    @EnumSource(Framing.class)
    void no_octet_of_a_body_is_answered_as_a_request(Framing framing) throws IOException {
        int path = Math.floorMod(framing.name().hashCode(), PATHS.size());
        for (String method : METHODS) {
            assertNothingHidden(framing, method, PATHS.get(path++ % PATHS.size()));
        }
    }

    /** Each method on each path. */
    @ParameterizedTest
    @EnumSource(
            value = Framing.class,
            names = {"LENGTH", "CHUNKED"})
    void no_octet_of_a_body_is_answered_as_a_request_wherever_it_is_sent(Framing framing) throws IOException {
        for (String method : METHODS) {
            for (String path : PATHS) {
                assertNothingHidden(framing, method, path);
            }
        }
    }

    private static void assertNothingHidden(Framing framing, String method, String path) throws IOException {
        String answers = answers(framing.request(method, path) + LAST);

        assertThat(answers).as("%s %s", method, path).doesNotContain(SECRET, "Exception", "\tat ");
        assertThat(ANSWER.matcher(answers).results().count())
                .as("%s %s: %s", method, path, answers)
                .isBetween(1L, 2L);
    }

    @Test
    void a_request_to_go_on_elsewhere_is_refused_and_its_connection_ends() throws IOException {
        for (String head : List.of(
                "CONNECT localhost:80 HTTP/1.1\r\n",
                "CONNECT / HTTP/1.1\r\n",
                "PRI / HTTP/1.1\r\n",
                "TRACE / HTTP/1.1\r\nContent-Length: 45\r\n",
                "TRACE /api/messages HTTP/1.1\r\nTransfer-Encoding: chunked\r\n")) {
            assertThat(answers(head + HOST + "\r\n" + HIDDEN + LAST))
                    .startsWith("HTTP/1.1 400 Bad Request\r\n")
                    .contains("\r\nConnection: close\r\n")
                    .doesNotContain(SECRET);
        }
        assertThat(answers("GET /page.txt HTTP/1.1\r\n" + HOST + "Expect: more\r\n\r\n" + LAST))
                .startsWith("HTTP/1.1 417 Expectation Failed\r\n")
                .contains("\r\nConnection: close\r\n");
        assertThat(answers("GET /page.txt HTTP/1.0\r\n" + HOST + "Expect: more\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n");
    }

    /** Of several sizes, so that the memory in which they come is given back while others are still to be read. */
    @ParameterizedTest
    @CsvSource({"false, 0", "false, 20", "false, 60", "true, 0", "true, 20", "true, 60"})
    void requests_that_come_in_one_piece_keep_their_bodies(boolean chunked, int growth) throws IOException {
        for (int round = 0; round < 6; round++) {
            String path = "/api/channels/chat." + chunked + "-" + growth + "-" + round + "/messages";
            StringBuilder requests = new StringBuilder();
            List<String> bodies = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                String body = "{\"text\":\"" + i + "-"
                        + String.valueOf((char) ('a' + i)).repeat(i * growth) + "\"}";
                bodies.add(body);
                requests.append("POST " + path + " HTTP/1.1\r\n" + HOST + "Content-Type: application/json\r\n")
                        .append(chunked ? chunk(body) : "Content-Length: " + body.length() + "\r\n\r\n" + body);
            }
            requests.append("GET " + path + "?history=100&limit=100 HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");

            String answers = answers(requests.toString());

            assertThat(ANSWER.matcher(answers)
                            .results()
                            .map(found -> found.group().strip()))
                    .as(answers)
                    .hasSize(21)
                    .containsOnly("HTTP/1.1 201", "HTTP/1.1 200");
            assertThat(answers).contains(bodies);
        }
    }

    private static String chunk(String body) {
        return "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n" + body
                + "\r\n0\r\n\r\n";
    }

    private static String answers(String requests) throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            return socket.send(requests).readAll();
        }
    }
}
