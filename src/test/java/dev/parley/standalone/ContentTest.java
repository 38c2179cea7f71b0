package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.channel.Channels;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.Position;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of a binary message over HTTP. */
@Timeout(60)
class ContentTest {
    private static StandaloneServer server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = StandaloneServer.start(Map.of("parley.port", "0", "parley.data", folder.toString()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aLargePictureIsShownByteForByteAndKept() throws Exception {
        byte[] picture = new byte[3_000_000];
        new Random(3).nextBytes(picture);
        Position position = publish("image/png", picture);

        HttpResponse<byte[]> answer = get("files.a", position.toString(), "x");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(picture);
        assertThat(header(answer, "Content-Type")).isEqualTo("image/png");
        assertThat(header(answer, "Content-Disposition")).isEqualTo("inline");
        assertThat(header(answer, "Cache-Control")).isEqualTo("private, max-age=31536000, immutable");
        assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.headers().allValues("Content-Security-Policy"))
                .containsExactly("sandbox; default-src 'none'");
        HttpResponse<byte[]> again = get("files.a", position.toString(), header(answer, "ETag"));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"image/svg+xml", "text/html", "application/pdf", "text/html; charset=utf-8"})
    void whatABrowserMightRunIsOnlyOfferedToBeSaved(String type) throws Exception {
        byte[] script = "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8);
        Position position = publish(type, script);

        HttpResponse<byte[]> answer = get("files.a", position.toString(), "x");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(script);
        assertThat(header(answer, "Content-Type")).isEqualTo(type);
        assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(answer, "Content-Disposition")).isEqualTo("attachment");
        assertThat(header(answer, "Content-Security-Policy")).isEqualTo("sandbox; default-src 'none'");
    }

    @Test
    void jsonIsGivenAsJson() throws Exception {
        Position position = server.bean(Channels.class)
                .publish("files.a", new Body.Json("{\"a\":1}"))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);

        HttpResponse<byte[]> answer = get("files.a", position.toString(), "x");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).isEqualTo("application/json");
        assertThat(answer.body()).asString(StandardCharsets.UTF_8).isEqualTo("{\"a\":1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0:1", "abc:1", "abc", "abc:x", "abc:99999999999999999999"})
    void whatIsNotThereIsToldAsProblemDetails(String position) throws Exception {
        HttpResponse<byte[]> answer = get("files.a", position, "x");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .contains("\"status\":404", "\"name\":\"not-found\"", "\"retry\":false");
    }

    @Test
    void aNameThatNoChannelCanHaveIsToldAsProblemDetails() throws Exception {
        HttpResponse<byte[]> answer = get("-files", "abc:1", "x");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("\"name\":\"invalid-name\"");
    }

    /** Each waits for the log, so that meanwhile it is watched whether its client goes. */
    @Test
    void anAnswerWithoutABodyLeavesTheConnectionToTheNextRequest() throws Exception {
        Position position = publish("image/png", new byte[10]);
        String request = "GET /api/channels/files.a/messages/" + position + "/content HTTP/1.1\r\nHost: localhost\r\n";
        try (RawSocket socket = RawSocket.open(server.port())) {
            for (int i = 0; i < 200; i++) {
                socket.send(request + "If-None-Match: \"" + position + "\"\r\n\r\n");
                assertThat(socket.readHeader()).startsWith("HTTP/1.1 304 ").doesNotContain("Connection: close");
                socket.send(request + "Range: bytes=10-\r\n\r\n");
                assertThat(socket.readHeader()).startsWith("HTTP/1.1 416 ").contains("Content-Length: 0\r\n");
            }
        }
    }

    private static Position publish(String type, byte[] bytes) throws Exception {
        return server.bean(Channels.class)
                .publish("files.a", new Body.Binary(type, Bytes.wrap(bytes)))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private static HttpResponse<byte[]> get(String channel, String position, String tag) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(server.uri()
                                        .resolve("api/channels/" + channel + "/messages/" + position + "/content"))
                                .header("If-None-Match", tag)
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
