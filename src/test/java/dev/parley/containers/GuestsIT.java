package dev.parley.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.standalone.RecordingWebSocket;
import dev.parley.testing.TestTokens;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Where no guests are let in, a team's endpoints are shut to them too, but those that say otherwise. */
@ExtendWith(ArquillianExtension.class)
@Timeout(60)
class GuestsIT {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    private final TestTokens tokens = new TestTokens();

    @ArquillianResource
    private URL base;

    @Deployment(testable = false)
    static WebArchive war() {
        return SignatureWar.with(Map.of("parley.auth.guests", "false", "parley.auth.secret", SECRET));
    }

    @Test
    void a_guest_opens_what_is_open_to_guests_and_nothing_else() throws Exception {
        assertThat(answer("open/lobby", "")).isEqualTo("now null");
        assertThat(answer("text/string", "")).isEqualTo("401");
        assertThat(answer("programmed/text", "")).isEqualTo("401");
        assertThat(answer("echo", "")).isEqualTo("401");
        assertThat(answer("who", "")).isEqualTo("401");
    }

    @Test
    void a_user_is_seen_with_its_roles_and_who_shows_what_is_not_right_is_a_guest() throws Exception {
        assertThat(answer(
                        "who",
                        tokens.signed(SECRET, TestTokens.claims("ann", "trader").build())))
                .isEqualTo("ann trader");
        assertThat(answer(
                        "who",
                        tokens.signed(SECRET, TestTokens.claims("ann", "clerk").build())))
                .isEqualTo("ann");
        assertThat(answer("who", tokens.signed(SECRET, TestTokens.expired("ann"))))
                .isEqualTo("401");
        assertThat(answer("who", tokens.unsigned(TestTokens.claims("ann").build())))
                .isEqualTo("401");
        assertThat(answer("open/lobby", tokens.signed(SECRET, TestTokens.expired("ann"))))
                .isEqualTo("now null");
    }

    /** Or the status with which the handshake is refused. */
    private String answer(String address, String token) throws InterruptedException {
        WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
        if (!token.isEmpty()) {
            builder.header("Authorization", "Bearer " + token);
        }
        RecordingWebSocket client;
        try {
            client = new RecordingWebSocket(
                    builder,
                    URI.create(base.toString().replaceFirst("http", "ws")).resolve(address));
        } catch (CompletionException e) {
            WebSocketHandshakeException refused = (WebSocketHandshakeException) e.getCause();
            return Integer.toString(refused.getResponse().statusCode());
        }
        client.send("now");
        try {
            return String.valueOf(client.next());
        } finally {
            client.socket.abort();
        }
    }
}
