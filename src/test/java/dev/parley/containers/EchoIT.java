package dev.parley.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.arquillian.AppServer;
import dev.parley.arquillian.Wars;
import dev.parley.frames.FrameCase;
import dev.parley.standalone.RawSocket;
import dev.parley.standalone.RecordingWebSocket;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** The echo: what every container does with messages, and what each does with frames. */
@ExtendWith(ArquillianExtension.class)
@Timeout(60)
class EchoIT {
    private static final int MESSAGE_SIZE = 100_000;
    private static final int MORE_THAN_PAYARA_BUFFERS = 10 * 1024 * 1024;

    @ArquillianResource
    private URL base;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.with(Map.of(
                "parley.limits.message-size", Integer.toString(MESSAGE_SIZE),
                "parley.limits.inline-size", "1000",
                "parley.limits.fragments", "16"));
    }

    @Test
    void text_and_binary_come_back_byte_for_byte() throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(echo());
        byte[] bytes = new byte[MESSAGE_SIZE];
        new Random(1).nextBytes(bytes);

        client.send("ünïcode 😀");
        client.socket.sendBinary(ByteBuffer.wrap(bytes), true).join();

        assertThat(client.next()).isEqualTo("ünïcode 😀");
        assertThat(client.next()).isEqualTo(ByteBuffer.wrap(bytes));
    }

    @Test
    void what_is_larger_than_the_limit_closes1009() throws Exception {
        assertThat(closingAfter(MESSAGE_SIZE + 1)).isEqualTo(1009);
    }

    /** Payara's Tyrus buffers a frame before anybody sees it, up to {@code incomingBufferSize} in {@code web.xml}. */
    @Test
    void a_frame_beyond_what_payara_buffers_closes_with_another_code_there() throws Exception {
        assertThat(closingAfter(MORE_THAN_PAYARA_BUFFERS)).isEqualTo(AppServer.isPayara() ? 1011 : 1009);
    }

    @Test
    void a_foreign_page_is_refused() {
        assertThatThrownBy(() -> HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .header("Origin", "http://evil.example")
                        .buildAsync(echo(), new WebSocket.Listener() {})
                        .join())
                .hasCauseInstanceOf(WebSocketHandshakeException.class)
                .satisfies(thrown -> assertThat(((WebSocketHandshakeException) thrown.getCause())
                                .getResponse()
                                .statusCode())
                        .isEqualTo(403));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvFileSource(
            resources = "/dev/parley/frames/rfc6455.txt",
            delimiter = '|',
            numLinesToSkip = 1,
            maxCharsPerColumn = 10_000)
    void framesAreAnsweredAsTheTableSays(
            String section, String what, String sent, String answered, String wildfly, String payara)
            throws IOException {
        String column = AppServer.isPayara() ? payara : AppServer.isWildFly() ? wildfly : "=";
        FrameCase asTheRfcSays = FrameCase.of(sent, answered);

        try (RawSocket socket = RawSocket.open(base.getPort())) {
            assertThat(socket.handshake(base.getPath() + "echo")).startsWith("HTTP/1.1 101 ");
            List<String> seen = asTheRfcSays.answersInTurn(socket, column.equals("=") ? answered : column);
            if (column.equals("=")) {
                assertThat(seen).isEqualTo(asTheRfcSays.expected());
            } else {
                assertThat(FrameCase.isAnswered(seen, column))
                        .as("%s, and not %s", seen, column)
                        .isTrue();
            }
        }
    }

    private int closingAfter(int size) throws Exception {
        RecordingWebSocket client = new RecordingWebSocket(echo());
        client.socket
                .sendBinary(ByteBuffer.allocate(size), true)
                .handle((sent, cause) -> sent)
                .join();
        return Integer.parseInt(client.closed.get(20, TimeUnit.SECONDS).substring(0, 4));
    }

    private URI echo() {
        return URI.create(base.toString().replaceFirst("http", "ws")).resolve("echo");
    }
}
