package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the front answers to requests as they come over the wire, well formed and not. */
@Timeout(60)
class FrontTest {
    private static final String SECRET = "never to be shown";

    private static StandaloneServer server;
    private static Path web;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        web = Files.createDirectories(folder.resolve("web"));
        Files.writeString(folder.resolve("secret.txt"), SECRET);
        Files.createDirectories(folder.resolve("web-other"));
        Files.writeString(folder.resolve("web-other/secret.txt"), SECRET);
        Files.createDirectories(web.resolve("WEB-INF"));
        Files.writeString(web.resolve("WEB-INF/web.xml"), SECRET);
        Files.createDirectories(web.resolve("META-INF"));
        Files.writeString(web.resolve("META-INF/MANIFEST.MF"), SECRET);
        Files.createDirectories(web.resolve("console"));
        Files.writeString(web.resolve("console/index.html"), "<title>console</title>");
        Files.writeString(web.resolve("index.html"), "<title>home</title>");
        Files.writeString(web.resolve("a b ü.txt"), "blank");
        for (String name : new String[] {"a.js", "a.mjs", "a.svg", "a.webp", "a.json", "a.css", "a.unknown"}) {
            Files.writeString(web.resolve(name), "x");
        }
        Files.createSymbolicLink(web.resolve("link.txt"), folder.resolve("secret.txt"));
        server = StandaloneServer.start(
                Map.of("parley.port", "0", "parley.data", folder.toString(), "parley.web", web.toString()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html; charset=utf-8, <title>home</title>",
        "/index.html, text/html; charset=utf-8, <title>home</title>",
        "/console/, text/html; charset=utf-8, <title>console</title>",
        "/a.js, text/javascript; charset=utf-8, x",
        "/a.mjs, text/javascript; charset=utf-8, x",
        "/a.css, text/css; charset=utf-8, x",
        "/a.svg, image/svg+xml, x",
        "/a.webp, image/webp, x",
        "/a.json, application/json, x",
        "/a.unknown, application/octet-stream, x",
        "/a%20b%20%C3%BC.txt, text/plain; charset=utf-8, blank",
        "/a.js?v=1|2{}, text/javascript; charset=utf-8, x",
        "/a.js?q=100%, text/javascript; charset=utf-8, x",
        "/a.js?q=a\\b&r=%zz, text/javascript; charset=utf-8, x",
    })
    void aFileIsServedWithItsType(String path, String type, String text) throws IOException {
        assertThat(get(path))
                .startsWith("HTTP/1.1 200 ")
                .contains("\r\nContent-Type: " + type + "\r\n")
                .endsWith("\r\n\r\n" + text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../secret.txt",
                "/console/../../secret.txt",
                "/%2e%2e/secret.txt",
                "/%2E%2e/secret.txt",
                "/.%2e/secret.txt",
                "/..%2fsecret.txt",
                "/..%5csecret.txt",
                "/..\\secret.txt",
                "/%252e%252e/secret.txt",
                "/%c0%ae%c0%ae/secret.txt",
                "/..%c0%afsecret.txt",
                "/..;/secret.txt",
                "/../web-other/secret.txt",
                "//secret.txt",
                "///../secret.txt",
                "/./../secret.txt",
                "/link.txt",
                "/WEB-INF/web.xml",
                "/web-inf/web.xml",
                "//WEB-INF/web.xml",
                "/WEB-INF%2fweb.xml",
                "/console/../WEB-INF/web.xml",
                "/%57EB-INF/web.xml",
                "/WEB-INF/",
                "/META-INF/MANIFEST.MF",
                "/index.html%00.txt",
                "/secret.txt%00",
                "/%",
                "/%zz",
                "/%4",
                "/%ff",
                "/a.js?<script>",
                "/a\"b",
                "/a<b",
                "/caf\u00e9",
                "*",
                "secret.txt",
            })
    void no_spelling_leads_out_of_the_folder_or_to_an_error_of_ours(String path) throws IOException {
        assertThat(get(path)).matches("(?s)HTTP/1.1 40[04] .*").doesNotContain(SECRET, "Exception", "\tat ");
    }

    @ParameterizedTest
    @CsvSource({
        "GET /health/live HTTP/1.0, 200",
        "HEAD /health/live HTTP/1.0, 200",
        "GET /health/ready HTTP/1.0, 200",
        "GET /health/live HTTP/1.1, 400",
        "GET / HTTP/1.0, 400",
        "GET /healthy HTTP/1.0, 400",
        "GET /api/connection HTTP/1.0, 400",
        "GET /api/events?channel=a&q=100% HTTP/1.1;Host: localhost, 400",
    })
    void a_load_balancers_bare_probe_needs_no_host(String lines, int status) throws IOException {
        assertThat(RawSocket.ask(server.port(), lines.split(";"))).startsWith("HTTP/1.1 " + status + " ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /\r\n\r\n",
                "\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /  HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/1.1\nHost: localhost\n\n",
                "GET / HTTP/1.1\r\nHost: localhost\n\r\n",
                "GET / HTTP/1.1\r\nHost: local\rhost\r\n\r\n",
                "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/2.0\r\nHost: localhost\r\n\r\n",
                "GET / http/1.1\r\nHost: localhost\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "GET /\u00e9 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "\u0000\u0001\u0002\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc",
                "GET / HTTP/1.1\r\nHost localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nno colon\r\nX: y\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nX : y\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\n: y\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nX\u0000: y\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nX: \u0000y\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nX: \u0007y\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nX: \u007fy\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nX: y\r\n folded\r\n\r\n",
                "GET / HTTP/1.1\r\n Host: localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: +1\r\n\r\nx",
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0x1\r\n\r\nx",
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1, 1\r\n\r\nx",
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: \r\n\r\nx",
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\nx",
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxy",
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n",
            })
    void what_is_no_request_is_answered_with400_and_the_connection_ends(String request) throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            assertThat(socket.send(request).readAll())
                    .startsWith("HTTP/1.1 400 ")
                    .contains("\r\nConnection: close\r\n", "\r\nX-Content-Type-Options: nosniff\r\n")
                    .doesNotContain("Exception", "\tat ", "Grizzly");
        }
    }

    @Test
    void what_is_no_request_is_refused_also_when_it_comes_a_byte_at_a_time_and_behind_another() throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            socket.send("GET /missing HTTP/1.1\r\nHost: localhost\r\n\r\n");
            String answer = socket.readHeader();
            assertThat(answer).startsWith("HTTP/1.1 404 ");
            socket.read(Integer.parseInt(answer.replaceFirst("(?s).*Content-Length: (\\d+).*", "$1")));
            for (char octet : "GET / HTTP/1.1\r\nHost: localhost\r\nX: y\r\n ".toCharArray()) {
                socket.send(String.valueOf(octet));
            }
            assertThat(socket.readAll()).startsWith("HTTP/1.1 400 ").contains("obsolete");
        }
    }

    @Test
    void a_head_that_is_too_long_is_refused_with431() throws IOException {
        assertThat(ask("GET / HTTP/1.1", "Host: localhost", "X: " + "y".repeat(20_000)))
                .startsWith("HTTP/1.1 431 ")
                .contains("The head of the request is longer than 16384 bytes.");
    }

    @Test
    void a_folder_without_its_slash_is_sent_to_the_slash() throws IOException {
        assertThat(get("/console")).startsWith("HTTP/1.1 301 ").contains("\r\nLocation: /console/\r\n");
    }

    @Test
    void what_is_not_there_is_not_found_and_every_answer_protects_the_browser() throws IOException {
        for (String path : new String[] {"/", "/missing", "/health/live", "/health/missing", "/api/missing", "/%00"}) {
            assertThat(get(path))
                    .contains("\r\nX-Content-Type-Options: nosniff\r\n")
                    .contains("\r\nX-Frame-Options: DENY\r\n")
                    .contains("\r\nReferrer-Policy: same-origin\r\n")
                    .contains("\r\nContent-Security-Policy: default-src 'self'; ")
                    .doesNotContain("\r\nServer:", "unsafe-inline", "Grizzly");
        }
        assertThat(get("/missing")).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void head_has_the_headers_and_no_body() throws IOException {
        assertThat(ask("HEAD / HTTP/1.1", "Host: localhost", "Connection: close"))
                .startsWith("HTTP/1.1 200 ")
                .contains("\r\nContent-Length: 19\r\n")
                .containsPattern(
                        "\r\nLast-Modified: [A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void an_unchanged_file_costs_a304_and_a_changed_one_is_sent_anew() throws IOException {
        Path file = Files.writeString(web.resolve("changing.txt"), "one");
        String tag = get("/changing.txt").replaceFirst("(?s).*\r\nETag: (\"[^\"]+\").*", "$1");

        assertThat(ask("GET /changing.txt HTTP/1.1", "Host: localhost", "If-None-Match: " + tag, "Connection: close"))
                .startsWith("HTTP/1.1 304 ")
                .endsWith("\r\n\r\n");

        Files.writeString(file, "other");
        assertThat(ask("GET /changing.txt HTTP/1.1", "Host: localhost", "If-None-Match: " + tag, "Connection: close"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("other");
    }

    @Test
    void a_large_file_arrives_whole_also_slowly() throws IOException {
        byte[] large = new byte[9_000_000];
        new Random(2).nextBytes(large);
        Files.write(web.resolve("large.bin"), large);
        try (RawSocket socket = RawSocket.open(server.port())) {
            socket.send("GET /large.bin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(socket.readHeader()).contains("Content-Length: 9000000");
            assertThat(socket.readAllBytes()).isEqualTo(large);
        }
    }

    @ParameterizedTest
    @CsvSource({"POST, 405", "PUT, 405", "DELETE, 405", "TRACE, 405", "OPTIONS, 405"})
    void a_page_is_only_read(String method, int status) throws IOException {
        assertThat(ask(method + " / HTTP/1.1", "Host: localhost", "Content-Length: 0", "Connection: close"))
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("\r\nAllow: GET, HEAD\r\n")
                .endsWith("\r\n\r\nA page is only read.\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/health/live", "/echo"})
    void a_foreign_host_is_refused_everywhere(String path) throws IOException {
        assertThat(ask("GET " + path + " HTTP/1.1", "Host: evil.example", "Connection: close"))
                .startsWith("HTTP/1.1 403 ")
                .contains("answers only to names of its own machine");
    }

    @Test
    void an_upgrade_to_another_protocol_is_ignored_with_its_body_read_and_the_connection_kept() throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            for (int i = 0; i < 3; i++) {
                socket.send("POST /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                        + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Length: 5\r\n\r\nhello");
                String answer = socket.readHeader();
                assertThat(answer).startsWith("HTTP/1.1 405 ");
                socket.readBody(answer);
            }
        }
    }

    /** RFC 9110 section 7.8: a list, in the order of the client's preference. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: h2c\r\nUpgrade: websocket",
                "Upgrade: websocket\r\nUpgrade: h2c",
                "Upgrade: websocket, foo",
                "Upgrade: foo/1 , WebSocket",
                "Upgrade: ,websocket",
            })
    void a_websocket_may_be_asked_for_among_other_protocols(String upgrades) throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            String answer = socket.send(
                            "GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                                    + upgrades + "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + RawSocket.KEY
                                    + "\r\n\r\n")
                    .readHeader();

            assertThat(answer)
                    .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                    .containsIgnoringCase("\r\nUpgrade: websocket\r\n")
                    .contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            socket.send(RawSocket.frame(0x81, new byte[] {'a'}));
            assertThat(socket.read(3)).isEqualTo(new byte[] {(byte) 0x81, 1, 'a'});
        }
    }

    @Test
    void the_jdk_client_which_asks_for_h2c_with_a_body_is_answered() throws Exception {
        HttpResponse<String> answer = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create(server.uri() + "health/live"))
                                .POST(HttpRequest.BodyPublishers.ofString("hello", StandardCharsets.UTF_8))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET,OPTIONS");
    }

    /** Each line takes one thing away from a handshake that would be let in. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            as it should be      | GET  | /echo    | HTTP/1.1 | localhost    | -                   | Upgrade             | 13 | dGhlIHNhbXBsZSBub25jZQ== | 101 | -
            own origin           | GET  | /echo    | HTTP/1.1 | localhost:%d | http://localhost:%d | keep-alive, upgrade | 13 | dGhlIHNhbXBsZSBub25jZQ== | 101 | -
            foreign origin       | GET  | /echo    | HTTP/1.1 | localhost    | http://evil.example | Upgrade             | 13 | dGhlIHNhbXBsZSBub25jZQ== | 403 | Pages of this origin may not use this server
            similar origin       | GET  | /echo    | HTTP/1.1 | localhost:%d | http://localhost:%d0 | Upgrade            | 13 | dGhlIHNhbXBsZSBub25jZQ== | 403 | Pages of this origin may not use this server
            null origin          | GET  | /echo    | HTTP/1.1 | localhost    | null                | Upgrade             | 13 | dGhlIHNhbXBsZSBub25jZQ== | 403 | Pages of this origin may not use this server
            foreign host         | GET  | /echo    | HTTP/1.1 | evil.example | -                   | Upgrade             | 13 | dGhlIHNhbXBsZSBub25jZQ== | 403 | answers only to names of its own machine
            another method       | POST | /echo    | HTTP/1.1 | localhost    | -                   | Upgrade             | 13 | dGhlIHNhbXBsZSBub25jZQ== | 405 | A WebSocket begins with GET.
            an old HTTP          | GET  | /echo    | HTTP/1.0 | localhost    | -                   | Upgrade             | 13 | dGhlIHNhbXBsZSBub25jZQ== | 400 | A WebSocket begins with HTTP/1.1.
            Connection unsaid    | GET  | /echo    | HTTP/1.1 | localhost    | -                   | keep-alive          | 13 | dGhlIHNhbXBsZSBub25jZQ== | 400 | The header Connection does not say Upgrade.
            an old version       | GET  | /echo    | HTTP/1.1 | localhost    | -                   | Upgrade             | 8  | dGhlIHNhbXBsZSBub25jZQ== | 426 | speaks version 13
            no version           | GET  | /echo    | HTTP/1.1 | localhost    | -                   | Upgrade             | -  | dGhlIHNhbXBsZSBub25jZQ== | 426 | speaks version 13
            no key               | GET  | /echo    | HTTP/1.1 | localhost    | -                   | Upgrade             | 13 | -                        | 400 | Sec-WebSocket-Key is not 16 bytes
            a short key          | GET  | /echo    | HTTP/1.1 | localhost    | -                   | Upgrade             | 13 | c2hvcnQ=                 | 400 | Sec-WebSocket-Key is not 16 bytes
            a key unpadded       | GET  | /echo    | HTTP/1.1 | localhost    | -                   | Upgrade             | 13 | dGhlIHNhbXBsZSBub25jZQ   | 400 | Sec-WebSocket-Key is not 16 bytes
            no such endpoint     | GET  | /nothing | HTTP/1.1 | localhost    | -                   | Upgrade             | 13 | dGhlIHNhbXBsZSBub25jZQ== | 404 | There is no WebSocket endpoint at this address.
            an illegal character | GET  | /ec"ho   | HTTP/1.1 | localhost    | -                   | Upgrade             | 13 | dGhlIHNhbXBsZSBub25jZQ== | 400 | The address of the request is not well formed.
            a hidden separator   | GET  | /%%2fecho | HTTP/1.1 | localhost   | -                   | Upgrade             | 13 | dGhlIHNhbXBsZSBub25jZQ== | 400 | The address of the request is not well formed.
            """)
    void a_handshake_is_answered_as_the_rfc_says(
            String what,
            String method,
            String path,
            String protocol,
            String host,
            String origin,
            String connection,
            String version,
            String key,
            int status,
            String sentence)
            throws IOException {
        StringBuilder request = new StringBuilder(method + " " + path.replace("%%", "%") + " " + protocol + "\r\n");
        header(request, "Host", host);
        header(request, "Origin", origin);
        header(request, "Connection", connection);
        header(request, "Upgrade", "websocket");
        header(request, "Sec-WebSocket-Version", version);
        header(request, "Sec-WebSocket-Key", key);
        try (RawSocket socket = RawSocket.open(server.port())) {
            String answer = socket.send(request + "\r\n").readHeader();

            assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
            if (status == 101) {
                assertThat(answer).contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            } else {
                assertThat(socket.readAll()).contains(sentence);
            }
            if (status == 426) {
                assertThat(answer).contains("\r\nSec-WebSocket-Version: 13\r\n");
            }
        }
    }

    @Test
    void a_handshake_with_a_body_is_refused() throws IOException {
        assertThat(ask(
                        "GET /echo HTTP/1.1",
                        "Host: localhost",
                        "Connection: Upgrade",
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: " + RawSocket.KEY,
                        "Content-Length: 5"))
                .startsWith("HTTP/1.1 400 ")
                .contains("A WebSocket begins without a body.");
    }

    private static void header(StringBuilder request, String name, String value) {
        if (!value.equals("-")) {
            request.append(name)
                    .append(": ")
                    .append(value.replace("%d", Integer.toString(server.port())))
                    .append("\r\n");
        }
    }

    private static String get(String path) throws IOException {
        return ask("GET " + path + " HTTP/1.1", "Host: localhost", "Connection: close");
    }

    private static String ask(String... lines) throws IOException {
        return RawSocket.ask(server.port(), lines);
    }
}
