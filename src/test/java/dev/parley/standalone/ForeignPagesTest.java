package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.TestTokens;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of any origin may use the server ({@code parley.origins=*}), but none as the person who looks at it. */
@Timeout(60)
class ForeignPagesTest {
    private static final String SECRET = "a secret of at least thirty-two bytes";
    private static final String LISTED = "https://chat.example";
    private static final String TOKEN =
            new TestTokens().signed(SECRET, TestTokens.claims("ann").build());
    private static final String COOKIE = "Cookie: parley-token=" + TOKEN;

    private static StandaloneServer server;

    @BeforeAll
    static void start(@TempDir Path data) {
        server = StandaloneServer.start(Map.of(
                "parley.port",
                "0",
                "parley.data",
                data.toString(),
                "parley.auth.secret",
                SECRET,
                "parley.origins",
                "*, " + LISTED));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null"})
    void a_cookie_says_nothing_of_who_a_foreign_page_is(String origin) throws Exception {
        assertThat(connection("Origin: " + origin, COOKIE))
                .contains("\"user\":\"guest-")
                .contains("Access-Control-Allow-Origin: *\r\n")
                .doesNotContain("Access-Control-Allow-Credentials");
        assertThat(connected("Origin: " + origin, COOKIE)).contains("\"user\":\"guest-");
    }

    @Test
    void a_token_that_a_foreign_page_shows_is_its_own() throws Exception {
        assertThat(connection("Origin: https://evil.example", "Authorization: Bearer " + TOKEN))
                .contains("\"user\":\"ann\"");
    }

    @Test
    void a_page_that_is_listed_by_name_and_the_own_one_are_trusted_with_cookies() throws Exception {
        assertThat(connection("Origin: " + LISTED, COOKIE))
                .contains("\"user\":\"ann\"")
                .contains("Access-Control-Allow-Origin: " + LISTED + "\r\n")
                .contains("Access-Control-Allow-Credentials: true\r\n");
        assertThat(connected("Origin: " + LISTED, COOKIE)).contains("\"user\":\"ann\"");
        assertThat(connected("Origin: http://localhost", COOKIE)).contains("\"user\":\"ann\"");
        assertThat(connection("X: y", COOKIE)).contains("\"user\":\"ann\"");
    }

    private static String connection(String... headers) throws Exception {
        return RawSocket.ask(
                server.port(),
                "GET /api/connection HTTP/1.1",
                "Host: localhost",
                "Connection: close",
                headers[0],
                headers[1]);
    }

    private static String connected(String... headers) throws Exception {
        try (RawSocket socket = RawSocket.open(server.port())) {
            assertThat(socket.handshake("/channels", headers[0], headers[1], "Sec-WebSocket-Protocol: v1.parley"))
                    .startsWith("HTTP/1.1 101 ");
            socket.send(RawSocket.frame(0x81, "{\"id\":1,\"connect\":{}}".getBytes(StandardCharsets.UTF_8)));
            byte[] head = socket.read(2);
            int length = head[1] == 126 ? new BigInteger(1, socket.read(2)).intValueExact() : head[1];
            return new String(socket.read(length), StandardCharsets.UTF_8);
        }
    }
}
