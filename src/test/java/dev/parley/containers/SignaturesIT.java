package dev.parley.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.arquillian.AppServer;
import dev.parley.standalone.RecordingWebSocket;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * Every signature of Jakarta WebSocket 2.1 on every container. The table says what is sent and answered, and what a
 * container answers that differs.
 */
@ExtendWith(ArquillianExtension.class)
@Timeout(60)
class SignaturesIT {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @ArquillianResource
    private URL base;

    @Deployment(testable = false)
    static WebArchive war() {
        return SignatureWar.with(Map.of());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvFileSource(resources = "/dev/parley/signatures/signatures.txt", delimiter = '|', numLinesToSkip = 1)
    void whatIsSentIsAnsweredAsTheTableSays(
            String address, String sent, String answered, String wildfly, String payara) {
        String column = AppServer.isPayara() ? payara : AppServer.isWildFly() ? wildfly : "=";
        String expected = column.equals("=") ? answered : column;

        assertThat(answers(address, sent, parts(expected).size())).isEqualTo(expected);
    }

    @Test
    void the_end_of_a_session_is_told_with_its_reason() {
        String name = UUID.randomUUID().toString();
        RecordingWebSocket closing = new RecordingWebSocket(CLIENT, uri("optional/close/" + name));
        closing.socket.sendClose(4321, "enough").join();

        await().untilAsserted(() -> assertThat(answers("optional/closed/" + name, "text now", 1))
                .isEqualTo("text " + name + " 4321 enough"));
    }

    private String answers(String address, String sent, int count) {
        RecordingWebSocket client;
        try {
            client = new RecordingWebSocket(CLIENT, uri(address));
        } catch (CompletionException e) {
            WebSocketHandshakeException refused = (WebSocketHandshakeException) e.getCause();
            return "refused " + refused.getResponse().statusCode();
        }
        try {
            parts(sent).forEach(part -> send(client, part));
            StringBuilder heard = new StringBuilder();
            for (int i = 0; i < count; i++) {
                heard.append(i == 0 ? "" : " ; ").append(next(client));
            }
            return heard.toString();
        } finally {
            client.socket.abort();
        }
    }

    /** What comes next, or by what code the session has ended. */
    private static String next(RecordingWebSocket client) {
        await().until(() -> client.hasSome() || client.closed.isDone());
        if (!client.hasSome()) {
            return "close "
                    + client.closed
                            .handle((reason, failure) -> String.valueOf(reason).split(" ", 2)[0])
                            .join();
        }
        return heard(client);
    }

    private static String heard(RecordingWebSocket client) {
        try {
            Object heard = client.next();
            if (heard instanceof ByteBuffer bytes) {
                byte[] array = new byte[bytes.remaining()];
                bytes.get(array);
                return "bytes " + HexFormat.of().formatHex(array);
            }
            return "text " + heard;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void send(RecordingWebSocket client, String part) {
        String[] words = part.split(" ", 2);
        switch (words[0]) {
            case "text" -> client.socket.sendText(words[1], true).join();
            case "part" -> client.socket.sendText(words[1], false).join();
            case "bytes" -> client.socket.sendBinary(bytes(words[1]), true).join();
            case "bytes-part" ->
                client.socket.sendBinary(bytes(words[1]), false).join();
            default -> throw new IllegalArgumentException(part);
        }
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }

    private static List<String> parts(String text) {
        return Stream.of(text.split(" ; ", -1)).toList();
    }

    private URI uri(String address) {
        return URI.create(base.toString().replaceFirst("http", "ws")).resolve(address);
    }
}
