package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.standalone.RawSocket;
import dev.parley.standalone.StandaloneServer;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered to a request that cannot be answered, whoever finds that out: the front, our resources, Jersey. */
@Timeout(60)
class ErrorAnswersIT {
    private static final String HOST = "Host: localhost";
    private static final String HANDSHAKE =
            "Connection: Upgrade~Upgrade: websocket~Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

    private static StandaloneServer server;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        Path web = Files.createDirectories(folder.resolve("web"));
        Files.writeString(web.resolve("index.html"), "home");
        server = TestServers.start(
                folder, Map.of("parley.web", web.toString(), "parley.limits.message-size", "1000000"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Header lines are parted by {@code ~}; the last column is one that is answered. */
    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            GET /api/missing                         |                                 | 404 Not Found                       | not-found        |
            GET /api/channels/chat.a                 |                                 | 404 Not Found                       | not-found        |
            DELETE /api/users/ann                    |                                 | 404 Not Found                       | not-found        |
            GET /api/channels/chat.a/messages/a:1/content |                            | 404 Not Found                       | not-found        |
            PUT /api/messages                        |                                 | 405 Method Not Allowed              | malformed        | Allow: GET, HEAD, OPTIONS
            PUT /api/events                          |                                 | 405 Method Not Allowed              | malformed        | Allow: GET, HEAD, OPTIONS
            PUT /api/channels/chat.a/messages        |                                 | 405 Method Not Allowed              | malformed        | Allow: GET, HEAD, OPTIONS, POST
            POST /api/channels/chat.a/messages/a:1/content |                           | 405 Method Not Allowed              | malformed        | Allow: GET, HEAD, OPTIONS
            POST /api/openapi.json                   |                                 | 405 Method Not Allowed              | malformed        | Allow: GET,OPTIONS
            BREW /api/connection                     |                                 | 405 Method Not Allowed              | malformed        | Allow: DELETE,GET,OPTIONS
            TRACE /api/connection                    |                                 | 405 Method Not Allowed              | malformed        | Allow: DELETE,GET,OPTIONS
            GET /api/openapi.json                    | Accept: text/html               | 406 Not Acceptable                  | malformed        |
            POST /api/channels/chat.a/messages       | Content-Length: 0               | 415 Unsupported Media Type          | unsupported-type |
            POST /api/channels/chat.a/messages       | Content-Length: 1000001         | 413 Content Too Large               | too-large        | Connection: close
            GET /api/missing                         | Sec-WebSocket-Version: 13~HANDSHAKE | 404 Not Found                   | not-found        | Connection: close
            POST /api/missing                        | Sec-WebSocket-Version: 13~HANDSHAKE | 405 Method Not Allowed          | malformed        | Allow: GET
            GET /api/missing                         | Sec-WebSocket-Version: 8~HANDSHAKE | 426 Upgrade Required             | malformed        | Sec-WebSocket-Version: 13
            GET /api/missing                         | Sec-WebSocket-Version: 8~HANDSHAKE | 426 Upgrade Required             | malformed        | Upgrade: websocket
            GET /api/missing                         | Sec-WebSocket-Version: 8~HANDSHAKE | 426 Upgrade Required             | malformed        | Connection: Upgrade
            GET /api/missing                         | Sec-WebSocket-Version: 8~HANDSHAKE | 426 Upgrade Required             | malformed        | Connection: close
            GET /api/messages                        | Expect: more                    | 417 Expectation Failed              | malformed        | Connection: close
            GET /api/messages                        | Host: localhost                 | 400 Bad Request                     | malformed        | Connection: close
            GET /api/messages                        | X : y                           | 400 Bad Request                     | malformed        | Connection: close
            GET /api/messages                        | Content-Length: 5               | 400 Bad Request                     | malformed        | Connection: close
            GET /api/messages                        | X: LONG                         | 431 Request Header Fields Too Large | malformed        | Connection: close
            CONNECT /api/messages                    |                                 | 400 Bad Request                     | malformed        | Connection: close
            TRACE /api/messages                      | Content-Length: 5               | 400 Bad Request                     | malformed        | Connection: close
            GET /api/%zz                             |                                 | 400 Bad Request                     | malformed        |
            GET /api/messages                        | Origin: http://evil.example     | 403 Forbidden                       | not-allowed      |
            GET /api/messages?channel=               |                                 | 400 Bad Request                     | invalid-name     |
            """)
    void below_api_the_body_says_what_the_status_line_says(
            String line, String headers, String status, String name, String header) throws IOException {
        String answer = ask(line + " HTTP/1.1", headers == null ? "X: y" : headers);

        String[] parts = answer.split("\r\n\r\n", 2);
        assertThat(parts[0] + "\r\n")
                .startsWith("HTTP/1.1 " + status + "\r\n")
                .contains("\r\nContent-Type: application/problem+json\r\n", "\r\nCache-Control: no-store\r\n")
                .contains(header == null ? "" : "\r\n" + header + "\r\n");
        JsonObject problem = Json.createReader(new StringReader(parts[1])).readObject();
        assertThat(problem.getInt("status")).isEqualTo(Integer.parseInt(status.substring(0, 3)));
        assertThat(problem.getString("name")).isEqualTo(name);
        assertThat(problem.getString("detail")).endsWith(".");
        assertThat(problem.getString("title")).endsWith(".");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            GET /echo     | Sec-WebSocket-Version: 8~HANDSHAKE  | 426 Upgrade Required
            GET /         | Expect: more                        | 417 Expectation Failed
            POST /        | Content-Length: 1000001             | 413 Content Too Large
            GET /missing  | X: y                                | 404 Not Found
            """)
    void elsewhere_it_is_a_sentence_with_the_reason_that_the_registry_has(String line, String headers, String status)
            throws IOException {
        assertThat(ask(line + " HTTP/1.1", headers))
                .startsWith("HTTP/1.1 " + status + "\r\n")
                .contains("\r\nContent-Type: text/plain; charset=utf-8\r\n")
                .endsWith(".\n");
    }

    /** RFC 9112 section 7.1: it knows no chunks. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/missing",
                "/health/live",
                "/api/openapi.json",
                "/api/asyncapi.json",
                "/api/missing",
                "/api/connection",
                "/api/messages?channel=chat.a",
                "/api/channels/chat.a/presence"
            })
    void who_speaks_http_1_0_is_answered_without_chunks_and_the_connection_ends(String path) throws IOException {
        String modern = askToTheEnd(request("GET " + path + " HTTP/1.1", "Connection: close"));
        String old = askToTheEnd(request("GET " + path + " HTTP/1.0", "X: y"));
        String staying = askToTheEnd(
                request("GET " + path + " HTTP/1.0", "Connection: keep-alive"), request("GET / HTTP/1.0", "X: y"));

        assertThat(old)
                .startsWith(modern.substring(0, 12))
                .contains("\r\nConnection: close\r\n")
                .doesNotContainIgnoringCase("Transfer-Encoding");
        assertThat(staying).startsWith(modern.substring(0, 12)).doesNotContainIgnoringCase("Transfer-Encoding");
        if (path.endsWith("json")) {
            assertThat(old.split("\r\n\r\n", 2)[1]).startsWith("{").endsWith("}\n");
        }
    }

    @Test
    void a_stream_to_who_speaks_http_1_0_has_no_chunks_either() throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            socket.send("GET /api/events?channel=chat.a HTTP/1.0\r\n" + HOST + "\r\n\r\n");
            assertThat(socket.readHeader())
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("\r\nConnection: close\r\n")
                    .doesNotContainIgnoringCase("Transfer-Encoding");
            assertThat(new String(socket.read(5), StandardCharsets.US_ASCII)).isEqualTo("retry");
        }
    }

    /** The answer, which says how long its body is. */
    private static String ask(String line, String headers) throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            String head = socket.send(request(line, headers)).readHeader();
            return head + socket.readBody(head);
        }
    }

    /** All that comes until the connection ends. */
    private static String askToTheEnd(String... requests) throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            return socket.send(String.join("", requests)).readAll();
        }
    }

    private static String request(String line, String headers) {
        String lines = headers.replace("HANDSHAKE", HANDSHAKE)
                .replace("LONG", "x".repeat(17_000))
                .replace("~", "\r\n");
        return line + "\r\n" + HOST + "\r\n" + lines + "\r\n\r\n";
    }
}
