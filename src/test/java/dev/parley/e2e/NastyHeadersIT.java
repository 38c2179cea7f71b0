package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.standalone.RawSocket;
import dev.parley.standalone.StandaloneServer;
import dev.parley.testing.CapturedLogs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever stands in a header, also as a proxy that is believed sends it, is read or refused: it is no error of the server's,
 * and leaves no stack trace in the log.
 */
@Timeout(60)
class NastyHeadersIT {
    private static final int LONG = 2_000;
    private static final int LONGER = 8_000;
    private static final int NOT_IMPLEMENTED = 501;

    private static final String[] PIECES = {
        "a", "\"", "\\\"", "a=\"b\";", "a=b,", ";", ",", "[:", "1.", " \t", "%\u00ff"
    };

    private static final String[] SHORT = {
        "", "\"", "\\", "=", ";", ",", ":", "[", "[::1%eth0]", "zzz:q.example", "-1", "\u00fc"
    };

    /** What each begins with, so that one gets further than its first character. */
    private static final Map<String, String> BEGINNINGS = Map.ofEntries(
            Map.entry("Forwarded", "for=\""),
            Map.entry("Host", "localhost"),
            Map.entry("Origin", "http://"),
            Map.entry("Authorization", "Bearer "),
            Map.entry("Cookie", "parley-token="),
            Map.entry("Upgrade", "websocket"),
            Map.entry("Connection", "Upgrade, "),
            Map.entry("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            Map.entry("Sec-WebSocket-Protocol", "v1.parley, "),
            Map.entry("Sec-WebSocket-Extensions", "permessage-deflate; "),
            Map.entry("Content-Type", "application/json; "),
            Map.entry("Range", "bytes="),
            Map.entry("Accept", "text/html; "),
            Map.entry("X-Forwarded-Proto", "https"));

    private static StandaloneServer server;
    private static CapturedLogs logs;

    private final List<String> wrong = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path folder) {
        logs = new CapturedLogs();
        server = StandaloneServer.start(Map.of(
                "parley.port", "0",
                "parley.data", folder.toString(),
                "parley.proxies", "127.0.0.1",
                "parley.compression", "true",
                "parley.limits.commands-per-second", "100000",
                "parley.limits.burst", "100000"));
    }

    @AfterAll
    static void stop() {
        server.close();
        logs.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "Origin",
                "Forwarded",
                "X-Forwarded-For",
                "X-Forwarded-Proto",
                "X-Forwarded-Host",
                "Authorization",
                "Cookie",
                "Upgrade",
                "Connection",
                "Sec-WebSocket-Key",
                "Sec-WebSocket-Version",
                "Sec-WebSocket-Protocol",
                "Sec-WebSocket-Extensions",
                "Content-Type",
                "Content-Length",
                "Content-Encoding",
                "Transfer-Encoding",
                "TE",
                "Trailer",
                "Expect",
                "Accept",
                "Accept-Charset",
                "Accept-Encoding",
                "Accept-Language",
                "Access-Control-Request-Headers",
                "Access-Control-Request-Method",
                "Idempotency-Key",
                "If-Match",
                "If-Modified-Since",
                "If-None-Match",
                "If-Range",
                "Last-Event-ID",
                "Parley-Connection",
                "Range",
                "X-HTTP-Method-Override",
            })
    void none_is_an_error_of_the_servers(String header) throws Exception {
        for (String value : values(BEGINNINGS.getOrDefault(header, ""))) {
            for (String first : new String[] {
                "GET /",
                "GET /api/channels/news/messages?history=1",
                "GET /api/connection",
                "POST /api/channels/news/messages"
            }) {
                ask(first, header, value, Map.of("Host", "localhost"), first.startsWith("POST") ? "{}" : "");
            }
            Map<String, String> handshake = new LinkedHashMap<>();
            handshake.put("Host", "localhost");
            handshake.put("Connection", "Upgrade");
            handshake.put("Upgrade", "websocket");
            handshake.put("Sec-WebSocket-Version", "13");
            handshake.put("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
            ask("GET /channels", header, value, handshake, "");
        }

        assertThat(wrong).isEmpty();
    }

    @AfterEach
    void nothing_is_logged_with_a_stack_trace() {
        assertThat(logs.shown().stream().filter(line -> line.contains("\tat ")).limit(1))
                .isEmpty();
    }

    private static List<String> values(String beginning) {
        List<String> values = new ArrayList<>(List.of(SHORT));
        for (String piece : PIECES) {
            values.add(beginning + piece.repeat(LONG / piece.length()));
        }
        values.add(beginning + "a,".repeat(LONGER / 2));
        values.add("\"\\".repeat(LONGER / 2));
        return values;
    }

    private void ask(String first, String header, String value, Map<String, String> others, String body)
            throws Exception {
        StringBuilder request = new StringBuilder(first + " HTTP/1.1\r\n");
        others.forEach((name, other) -> {
            if (!name.equals(header)) {
                request.append(name).append(": ").append(other).append("\r\n");
            }
        });
        if (!body.isEmpty() && !header.equals("Content-Length") && !header.equals("Transfer-Encoding")) {
            request.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        request.append(header).append(": ").append(value).append("\r\n\r\n").append(body);
        try (RawSocket socket = RawSocket.open(server.port())) {
            String answer = socket.send(request.toString()).readHeader();
            int status = answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
            if (status < 100 || (status >= 500 && status != NOT_IMPLEMENTED)) {
                wrong.add(String.format(
                        Locale.ROOT,
                        "%s, %s: %s (%d characters): %s",
                        first,
                        header,
                        value.substring(0, Math.min(40, value.length())),
                        value.length(),
                        answer.lines().findFirst().orElse("nothing")));
            }
        }
    }
}
