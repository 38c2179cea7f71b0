package dev.parley.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Channels;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.standalone.RawSocket;
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
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of binary messages over HTTP. */
@Timeout(60)
class ContentRequestsTest {
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
    void small_and_large_content_comes_byte_for_byte_with_its_type() throws Exception {
        for (int size : new int[] {1, 64 * 1024, 3_000_000}) {
            byte[] bytes = new byte[size];
            new Random(size).nextBytes(bytes);
            HttpResponse<byte[]> answer = get(publish("image/png", bytes));

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(header(answer, "Content-Type")).isEqualTo("image/png");
            assertThat(header(answer, "Cache-Control")).isEqualTo("private, max-age=31536000, immutable");
            assertThat(answer.body()).isEqualTo(bytes);
        }
    }

    @Test
    void a_large_picture_is_shown_byte_for_byte_and_kept() throws Exception {
        byte[] picture = new byte[3_000_000];
        new Random(3).nextBytes(picture);
        String path = publish("image/png", picture);

        HttpResponse<byte[]> answer = get(path, "If-None-Match", "x");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(picture);
        assertThat(header(answer, "Content-Type")).isEqualTo("image/png");
        assertThat(header(answer, "Content-Disposition")).isEqualTo("inline");
        assertThat(header(answer, "Cache-Control")).isEqualTo("private, max-age=31536000, immutable");
        assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.headers().allValues("Content-Security-Policy"))
                .containsExactly("sandbox; default-src 'none'");
        HttpResponse<byte[]> again = get(path, "If-None-Match", header(answer, "ETag"));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "image/svg+xml",
                "text/html",
                "text/html; charset=utf-8",
                "text/javascript",
                "Text/JavaScript; charset=utf-8",
                "application/javascript",
                "application/ecmascript",
                "application/x-javascript",
                "text/ecmascript",
                "text/jscript",
                "text/livescript",
                "text/x-javascript",
                "text/css",
                "text/xml",
                "application/xml",
                "application/xhtml+xml",
                "application/xslt+xml",
                "application/wasm",
                "application/manifest+json",
                "application/importmap+json",
                "application/ld+json",
                "text/json",
                "text/vtt",
                "multipart/x-mixed-replace",
                "application/x-shockwave-flash",
                "application/pdf",
                "application/unheard-of",
            })
    void what_a_browser_might_run_is_bytes_to_be_saved(String type) throws Exception {
        byte[] page = "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8);

        HttpResponse<byte[]> answer = get(publish(type, page));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(page);
        assertThat(answer.headers().allValues("Content-Type")).containsExactly("application/octet-stream");
        assertThat(answer.headers().allValues("Content-Disposition")).containsExactly("attachment");
        assertThat(answer.headers().allValues("Cross-Origin-Resource-Policy")).containsExactly("same-origin");
        assertThat(answer.headers().allValues("Content-Security-Policy"))
                .containsExactly("sandbox; default-src 'none'");
        assertThat(answer.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
    }

    @ParameterizedTest
    @CsvSource({
        "IMAGE/PNG; x=<>, image/png, inline",
        "image/webp, image/webp, inline",
        "audio/mpeg, audio/mpeg, attachment",
        "video/mp4;codecs=\"avc1\", video/mp4, attachment",
        "text/plain; charset=utf-8, text/plain, attachment"
    })
    void what_runs_nothing_keeps_its_type_without_parameters(String type, String served, String disposition)
            throws Exception {
        HttpResponse<byte[]> answer = get(publish(type, new byte[1]));

        assertThat(answer.headers().allValues("Content-Type")).containsExactly(served);
        assertThat(answer.headers().allValues("Content-Disposition")).containsExactly(disposition);
        assertThat(answer.headers().allValues("Cross-Origin-Resource-Policy")).containsExactly("same-origin");
        assertThat(answer.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
    }

    @ParameterizedTest
    @CsvSource({
        "empty, 200",
        "image, 200",
        "audio, 200",
        "video, 200",
        "document, 200",
        "script, 403",
        "style, 403",
        "worker, 403",
        "sharedworker, 403",
        "serviceworker, 403",
        "audioworklet, 403",
        "paintworklet, 403",
        "iframe, 403",
        "frame, 403",
        "fencedframe, 403",
        "embed, 403",
        "object, 403",
        "manifest, 403",
        "json, 403",
        "xslt, 403",
        "font, 403",
        "track, 403",
        "what-is-yet-to-come, 403"
    })
    void a_browser_gets_it_only_for_what_runs_nothing(String destination, int status) throws Exception {
        HttpResponse<byte[]> answer = get(publish("image/png", new byte[1]), "Sec-Fetch-Dest", destination);

        assertThat(answer.statusCode()).isEqualTo(status);
    }

    @Test
    void the_data_of_other_messages_comes_as_json() throws Exception {
        HttpResponse<byte[]> answer = get(Message.contentPath(CHANNEL, publish("{\"text\":\"hi\"}")));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).isEqualTo("application/json");
        assertThat(answer.body()).asString(StandardCharsets.UTF_8).isEqualTo("{\"text\":\"hi\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0:1", "abc:1", "abc", "abc:x", "abc:99999999999999999999", "x1:1", "nonsense", "a:b"})
    void what_is_not_there_is_told_as_problem_details(String position) throws Exception {
        publish("1");

        assertNotFound(position);
    }

    @Test
    void what_is_beyond_the_head_is_not_there_either() throws Exception {
        assertNotFound(publish("1").at(999).toString());
    }

    private static void assertNotFound(String position) throws Exception {
        assertProblem("api/channels/" + CHANNEL + "/messages/" + position + "/content", 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-a", "-files"})
    void a_name_that_no_channel_can_have_is_told_as_problem_details(String channel) throws Exception {
        assertProblem("api/channels/" + channel + "/messages/abc:1/content", 400, "invalid-name");
    }

    private static void assertProblem(String path, int status, String name) throws Exception {
        HttpResponse<byte[]> answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.body())
                .asString(StandardCharsets.UTF_8)
                .contains("\"status\":" + status, "\"name\":\"" + name + "\"", "\"retry\":false");
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
    void a_part_is_given_to_who_asks_for_it(String range, String given) throws Exception {
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
    void a_part_behind_the_end_is_none() throws Exception {
        HttpResponse<byte[]> answer = get(publish("video/mp4", new byte[10]), "Range", "bytes=10-");

        assertThat(answer.statusCode()).isEqualTo(416);
        assertThat(answer.headers().firstValue("Content-Range")).contains("bytes */10");
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("\"status\":416,");
    }

    @Test
    void a_part_of_other_bytes_is_all_of_these() throws Exception {
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

    /** Each waits for the log, so that meanwhile it is watched whether its client goes. */
    @Test
    void an_answer_without_a_body_leaves_the_connection_to_the_next_request() throws Exception {
        String path = publish("image/png", new byte[10]);
        String tag = get(path).headers().firstValue("ETag").orElseThrow();
        String request = "GET /" + path + " HTTP/1.1\r\nHost: localhost\r\n";
        try (RawSocket socket = RawSocket.open(server.port())) {
            for (int i = 0; i < 200; i++) {
                socket.send(request + "If-None-Match: " + tag + "\r\n\r\n");
                assertThat(socket.readHeader()).startsWith("HTTP/1.1 304 ").doesNotContain("Connection: close");
                socket.send(request + "Range: bytes=10-\r\n\r\n");
                socket.readBody(assertThat(socket.readHeader())
                        .startsWith("HTTP/1.1 416 Range Not Satisfiable\r\n")
                        .actual());
            }
        }
    }

    @Test
    void the_head_of_large_content_leaves_the_connection_to_the_next_request() throws Exception {
        String path = publish("image/png", new byte[200_000]);
        try (RawSocket socket = RawSocket.open(server.port())) {
            for (int i = 0; i < 3; i++) {
                socket.send("HEAD /" + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(socket.readHeader())
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .contains("\r\nContent-Length: 200000\r\n")
                        .doesNotContain("Connection: close");
            }
        }
    }

    private static String publish(String type, byte[] bytes) throws Exception {
        Position position = server.bean(Channels.class)
                .publish(CHANNEL, new Body.Binary(type, Bytes.copyOf(ByteBuffer.wrap(bytes))))
                .toCompletableFuture()
                .get();
        return Message.contentPath(CHANNEL, position);
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

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
