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
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bytes of binary messages over HTTP. */
@Timeout(60)
class ContentsTest {
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

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(page);
            assertThat(answer.headers().allValues("Content-Disposition")).containsExactly("attachment");
            assertThat(answer.headers().allValues("Content-Security-Policy"))
                    .containsExactly("sandbox; default-src 'none'");
            assertThat(answer.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
        }
    }

    @Test
    void theDataOfOtherMessagesComesAsJson() throws Exception {
        HttpResponse<byte[]> answer = get(WireWriter.contentPath(CHANNEL, publish("{\"text\":\"hi\"}")));

        assertThat(answer.statusCode()).isEqualTo(200);
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

    @ParameterizedTest
    @CsvSource(
            nullValues = "all",
            value = {
                "bytes=0-9, 0-9",
                "bytes=990-, 990-999",
                "bytes=-10, 990-999",
                "bytes=-2000, 0-999",
                "bytes=500-5000, 500-999",
                "bytes=0-1;2-3, all",
                "bytes=9-8, all",
                "lines=1-2, all",
                "bytes=-, all"
            })
    void aPartIsGivenToWhoAsksForIt(String range, String given) throws Exception {
        byte[] bytes = new byte[1_000];
        new Random(9).nextBytes(bytes);
        String path = publish("video/mp4", bytes);

        HttpResponse<byte[]> answer = get(path, "Range", range);

        assertThat(answer.statusCode()).isEqualTo(given == null ? 200 : 206);
        assertThat(answer.headers().firstValue("Accept-Ranges")).contains("bytes");
        assertThat(answer.headers().firstValue("Content-Range"))
                .isEqualTo(Optional.ofNullable(given).map(part -> "bytes " + part + "/1000"));
        String[] part = given == null ? new String[] {"0", "999"} : given.split("-");
        assertThat(answer.body())
                .isEqualTo(Arrays.copyOfRange(bytes, Integer.parseInt(part[0]), Integer.parseInt(part[1]) + 1));
    }

    @Test
    void aPartBehindTheEndIsNone() throws Exception {
        HttpResponse<byte[]> answer = get(publish("video/mp4", new byte[10]), "Range", "bytes=10-");

        assertThat(answer.statusCode()).isEqualTo(416);
        assertThat(answer.headers().firstValue("Content-Range")).contains("bytes */10");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void aPartOfOtherBytesIsAllOfThese() throws Exception {
        String path = publish("video/mp4", new byte[10]);
        String tag = get(path).headers().firstValue("ETag").orElseThrow();

        HttpResponse<byte[]> part = get(path, "Range", "bytes=0-1", "If-Range", tag);
        HttpResponse<byte[]> all = get(path, "Range", "bytes=0-1", "If-Range", "\"x\"");

        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).hasSize(2);
        assertThat(all.statusCode()).isEqualTo(200);
        assertThat(all.headers().firstValue("Content-Range")).isEmpty();
        assertThat(all.body()).hasSize(10);
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

    private static HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri().resolve(path));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }
}
