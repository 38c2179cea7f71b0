package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.client.ChannelListener;
import dev.parley.client.ClientOptions;
import dev.parley.client.Data;
import dev.parley.client.ParleyClient;
import dev.parley.protocol.Message;
import dev.parley.protocol.Push;
import dev.parley.protocol.Start;
import dev.parley.standalone.StandaloneServer;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSON as odd as it can be, by every door: whatever the server takes both clients read, and all else is told by its id. */
@Timeout(180)
class OddJsonIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String CHANNEL = "odd";
    private static final int TRIES = 300;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private StandaloneServer server;

    @BeforeEach
    void start() {
        server = TestServers.start(
                folder,
                Map.of("parley.limits.commands-per-second", "0", "parley.limits.publish-bytes-per-second", "0"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"1, websocket", "2, sse", "3, long-polling"})
    void whatever_the_server_takes_both_clients_read(long seed, String transport) throws Exception {
        List<String> taken = publish(new Random(seed));
        assertThat(taken).hasSizeBetween(TRIES / 10, TRIES - TRIES / 10); // some of each
        assertThat(readInJava(taken.size())).isEqualTo(taken);
        assertThat(readInNode(transport, taken.size())).isEqualTo(taken);
    }

    @Test
    void what_is_nested_to_the_bound_is_taken_by_every_door_and_what_is_deeper_by_none() throws Exception {
        String deepest = "[".repeat(100) + "]".repeat(100);
        assertThat(post(deepest).statusCode()).isEqualTo(201);
        assertThat(post("[" + deepest + "]").statusCode()).isEqualTo(400);
        try (TestClient client = TestClient.open(server.uri())) {
            assertThat(client.reply("publish", TestClient.publication(CHANNEL, "1", deepest)))
                    .containsKey("published");
            JsonObject refused = client.reply("publish", TestClient.publication(CHANNEL, "2", "[" + deepest + "]"));
            assertThat(refused.getJsonObject("error").getString("name")).isEqualTo("malformed");
        }
        assertThat(readInJava(2)).hasSize(2);
    }

    /** The positions of what was taken: half by HTTP, half by WebSocket. */
    private List<String> publish(Random random) throws Exception {
        List<String> taken = new ArrayList<>();
        try (TestClient client = TestClient.open(server.uri())) {
            for (int i = 0; i < TRIES; i++) {
                String json = json(random);
                if (i % 2 == 0) {
                    HttpResponse<String> answer = post(json);
                    assertThat(answer.statusCode()).as(json).isIn(201, 400);
                    if (answer.statusCode() == 201) {
                        taken.add(
                                TestClient.position(HttpApiClient.json(answer)).toString());
                    }
                } else {
                    // A line is one command: what ends it would begin another
                    String line = json.replace('\n', ' ').replace('\r', ' ');
                    JsonObject reply = client.reply("publish", TestClient.publication(CHANNEL, "k" + i, line));
                    if (reply.containsKey("published")) {
                        taken.add(TestClient.position(reply.getJsonObject("published"))
                                .toString());
                    }
                }
            }
        }
        return taken;
    }

    private HttpResponse<String> post(String json) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.uri().resolve("api/channels/" + CHANNEL + "/messages"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private List<String> readInJava(int count) {
        List<String> read = new CopyOnWriteArrayList<>();
        URI uri = URI.create("ws://127.0.0.1:" + server.port() + "/channels");
        try (ParleyClient client = new ParleyClient(ClientOptions.to(uri))) {
            client.subscribe(Start.history(CHANNEL, count), new ChannelListener() {
                @Override
                public void message(Message message) {
                    JsonValue value = Data.json(message);
                    read.add(value == null ? "nothing" : message.position().toString());
                }

                @Override
                public void unreadable(Push.Unreadable message) {
                    read.add("unreadable " + message.position());
                }
            });
            await().atMost(PATIENCE).until(() -> read.size() >= count);
        }
        return List.copyOf(read);
    }

    private List<String> readInNode(String transport, int count) throws IOException, InterruptedException {
        Path node = Arrays.stream(System.getenv("PATH").split(":"))
                .map(one -> Path.of(one, "node"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeTrue(node != null, "There is no node on the PATH.");
        Path said = folder.resolve("said");
        Process process = new ProcessBuilder(
                        node.toString(),
                        "--no-warnings",
                        "--experimental-websocket",
                        "src/test/npm/reader.mjs",
                        server.uri().resolve("channels").toString(),
                        transport,
                        CHANNEL,
                        String.valueOf(count))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            List<String> lines = Files.readAllLines(said, StandardCharsets.UTF_8);
            assertThat(ended).as(String.join("\n", lines)).isTrue();
            return lines.stream()
                    .map(line -> line.replaceFirst("(?s) (?!unreadable).*", ""))
                    .toList();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Mostly JSON, and not always. */
    private static String json(Random random) {
        StringBuilder out = new StringBuilder();
        int kind = random.nextInt(8);
        if (kind == 0) {
            int depth = 95 + random.nextInt(10);
            out.append("{\"a\":[".repeat(depth / 2)).append("]}".repeat(depth / 2));
        } else if (kind == 1) {
            out.append(random.nextBoolean() ? "-" : "").append("9".repeat(990 + random.nextInt(20)));
        } else if (kind == 2) {
            out.append("1.5e").append(random.nextBoolean() ? "-" : "").append("9".repeat(1 + random.nextInt(7)));
        } else {
            value(random, out, 0);
        }
        if (random.nextInt(4) == 0) {
            int at = random.nextInt(out.length());
            if (random.nextBoolean()) {
                out.deleteCharAt(at);
            } else {
                out.insert(at, "{}[]\",:\\x1.e \u2028".charAt(random.nextInt(14)));
            }
        }
        return out.toString();
    }

    private static void value(Random random, StringBuilder out, int depth) {
        String[] leaves = {
            "0",
            "-0",
            "1.0",
            "1e400",
            "-1E-400",
            "12345678901234567890",
            "true",
            "null",
            "\"\"",
            "\"\\ud800\"",
            "\"\\ud83d\\ude00\\u0000\\n\"",
            "\"\ud83d\ude00\u2028\u2029\u007f\ufeff\"",
            "\"</script>\"",
            "\"\\\\\\\"\\/\""
        };
        String[] keys = {"a", "__proto__", "data", "id", "position", "\\u0061", "", "constructor", "\u00e4"};
        int kind = depth > 6 ? 0 : random.nextInt(4);
        if (kind < 2) {
            out.append(leaves[random.nextInt(leaves.length)]);
            return;
        }
        out.append(kind == 2 ? "[" : " {\t");
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            out.append(i == 0 ? "" : ", ");
            if (kind == 3) {
                out.append('"').append(keys[random.nextInt(keys.length)]).append("\" :");
            }
            value(random, out, depth + 1);
        }
        out.append(kind == 2 ? "]" : "\n}");
    }
}
