package dev.parley.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.arquillian.Wars;
import dev.parley.standalone.JdkClient;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The echo of the built WAR, on whichever container Arquillian is given. */
@ExtendWith(ArquillianExtension.class)
@Timeout(60)
class EchoIT {
    @ArquillianResource
    private URL base;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.built();
    }

    @Test
    void textAndBinaryComeBackByteForByte() throws Exception {
        JdkClient client = new JdkClient(echo());
        byte[] bytes = new byte[100_000];
        new Random(1).nextBytes(bytes);

        client.send("ünïcode 😀");
        client.socket.sendBinary(ByteBuffer.wrap(bytes), true).join();

        assertThat(client.next()).isEqualTo("ünïcode 😀");
        assertThat(client.next()).isEqualTo(ByteBuffer.wrap(bytes));
    }

    @Test
    void aMessageInFragmentsComesBackWholeAndAPingIsAnsweredBetween() throws Exception {
        JdkClient client = new JdkClient(echo());

        client.socket.sendText("a", false).join();
        client.socket.sendPing(ByteBuffer.wrap(new byte[] {7})).join();
        client.socket.sendText("b", true).join();

        assertThat(client.next()).isEqualTo("pong 7");
        assertThat(client.next()).isEqualTo("ab");
    }

    @Test
    void whatIsLargerThanTheLimitCloses1009() throws Exception {
        JdkClient client = new JdkClient(echo());

        client.socket
                .sendBinary(ByteBuffer.allocate(10 * 1024 * 1024), true)
                .handle((sent, cause) -> sent)
                .join();

        assertThat(client.closed.get(20, TimeUnit.SECONDS)).startsWith("1009");
    }

    @Test
    void aForeignPageIsRefused() {
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

    private URI echo() {
        return URI.create(base.toString().replaceFirst("http", "ws")).resolve("echo");
    }
}
