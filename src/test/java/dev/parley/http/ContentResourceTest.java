package dev.parley.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.channel.Channels;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.Position;
import dev.parley.protocol.WireWriter;
import dev.parley.standalone.StandaloneServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of binary messages over HTTP. */
@Timeout(60)
class ContentResourceTest {
    private static final String CHANNEL = "files.a";

    private static StandaloneServer server;

    @BeforeAll
    static void start(@TempDir Path data) {
        server = StandaloneServer.start(Map.of("parley.port", "0", "parley.data", data.toString()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void smallAndLargeContentComesByteForByteWithItsType() throws Exception {
        for (int size : new int[] {1, 64 * 1024, 3_000_000}) {
            byte[] bytes = new byte[size];
            new Random(size).nextBytes(bytes);
            HttpResponse<byte[]> answer = get(publish("image/png", bytes));

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).contains("image/png");
            assertThat(answer.headers().firstValue("Cache-Control")).contains("private, max-age=31536000, immutable");
            assertThat(answer.body()).isEqualTo(bytes);
        }
    }

    @Test
    void aPageOrScriptThatSomebodyPublishedIsSavedAndNotRun() throws Exception {
        byte[] page = "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8);
        for (String type : new String[] {"text/html", "text/javascript", "image/svg+xml", "image/png;x=<>"}) {
            HttpResponse<byte[]> answer = get(publish(type, page));

            assertThat(answer.headers().firstValue("Content-Disposition")).contains("attachment");
            assertThat(answer.headers().allValues("Content-Security-Policy"))
                    .containsExactly("sandbox; default-src 'none'");
            assertThat(answer.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
        }
    }

    @Test
    void theDataOfOtherMessagesComesAsJson() throws Exception {
        HttpResponse<byte[]> answer = get(WireWriter.contentPath(CHANNEL, publish("{\"text\":\"hi\"}")));

        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo("{\"text\":\"hi\"}");
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        String beyond = publish("1").at(999).toString();

        for (String position : new String[] {beyond, "x1:1", "nonsense", "a:b"}) {
            HttpResponse<byte[]> answer = get("api/channels/" + CHANNEL + "/messages/" + position + "/content");

            assertThat(answer.statusCode()).as("%s", position).isEqualTo(404);
            assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("\"name\":\"not-found\"");
        }
    }

    @Test
    void aChannelThatCannotBeIsABadRequest() throws Exception {
        HttpResponse<byte[]> answer = get("api/channels/-a/messages/e:1/content");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("\"name\":\"invalid-name\"");
    }

    private static String publish(String type, byte[] bytes) throws Exception {
        Position position = server.bean(Channels.class)
                .publish(CHANNEL, new Body.Binary(type, Bytes.copyOf(ByteBuffer.wrap(bytes))))
                .toCompletableFuture()
                .get();
        return WireWriter.contentPath(CHANNEL, position);
    }

    private static Position publish(String json) throws Exception {
        return server.bean(Channels.class)
                .publish(CHANNEL, new Body.Json(json))
                .toCompletableFuture()
                .get();
    }

    private static HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.uri().resolve(path)).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
    }
}
