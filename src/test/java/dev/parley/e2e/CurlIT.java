package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.clients.SampleImages;
import dev.parley.standalone.StandaloneServer;
import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The conversation that README has with curl: its commands are run as they stand there, by the real curl. */
@Timeout(120)
class CurlIT {
    private static final String SECTION = "\n### The same with curl\n";

    @TempDir
    private Path folder;

    @BeforeAll
    static void curlIsThere() {
        // README's own test command needs a JDK and Maven alone; .ci/run sees to curl
        for (String program : List.of("bash", "curl")) {
            assumeTrue(
                    Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                            .anyMatch(place -> Files.isExecutable(Path.of(place, program))),
                    program + " is not here");
        }
    }

    @Test
    void it_joins_publishes_once_reads_on_shows_an_image_and_leaves() throws Exception {
        Files.write(Files.createDirectories(folder.resolve("run")).resolve("image.png"), SampleImages.png(40, 1));
        try (StandaloneServer server = TestServers.start(folder.resolve("data"), Map.of())) {
            List<JsonObject> answers = run(server, blocks().get(0));

            assertThat(answers).hasSize(7);
            assertThat(answers.get(0)
                            .getJsonArray("channels")
                            .getJsonObject(0)
                            .getJsonObject("presence")
                            .getInt("count"))
                    .isEqualTo(1);
            assertThat(answers.get(1)).containsKey("position").isEqualTo(answers.get(2));
            assertThat(HttpApiClient.data(answers.get(3))).containsExactly("{\"text\":\"hi\"}");
            assertThat(answers.get(4).getString("position")).endsWith(":2");
            assertThat(answers.get(5).getJsonArray("messages")).hasSize(2);
            assertThat(answers.get(6).getInt("count")).isEqualTo(1);
            assertThat(HttpApiClient.json(HttpApiClient.of(server).get("channels/chat.lobby/presence"))
                            .getInt("count"))
                    .isZero();
        }
    }

    @Test
    void it_listens() throws Exception {
        try (StandaloneServer server = TestServers.start(folder.resolve("data"), Map.of())) {
            HttpApiClient.of(server).say("chat.lobby", "{\"text\":\"one\"}");
            Process process = bash(server, blocks().get(1));
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                assertThat(until(out, "event: subscribed")).contains("retry: 2000");
                assertThat(until(out, "data: .*\"one\".*")).anyMatch(line -> line.startsWith("id: "));
                HttpApiClient.of(server).say("chat.lobby", "{\"text\":\"two\"}");
                until(out, "data: .*\"two\".*");
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    private List<JsonObject> run(StandaloneServer server, String script) throws Exception {
        Process process = bash(server, script);
        List<JsonObject> answers = new ArrayList<>();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                answers.add(HttpApiClient.json(line));
            }
        } finally {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(process.exitValue()).isZero();
        return answers;
    }

    private Process bash(StandaloneServer server, String script) throws IOException {
        String here = script.replace("http://127.0.0.1:8080/", server.uri().toString());
        return new ProcessBuilder("bash", "-e", "-o", "pipefail", "-c", here)
                .directory(Files.createDirectories(folder.resolve("run")).toFile())
                .redirectErrorStream(true)
                .start();
    }

    private static List<String> until(BufferedReader out, String wanted) throws IOException {
        List<String> lines = new ArrayList<>();
        String line = out.readLine();
        while (line != null && !line.matches(wanted)) {
            lines.add(line);
            line = out.readLine();
        }
        assertThat(line).as("after " + lines).isNotNull();
        return lines;
    }

    private static List<String> blocks() throws IOException {
        String section =
                Files.readString(Path.of("README.md")).split(SECTION, 2)[1].split("\n### ", 2)[0];
        Matcher block = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL).matcher(section);
        List<String> blocks = new ArrayList<>();
        while (block.find()) {
            blocks.add(block.group(1));
        }
        assertThat(blocks).hasSize(2);
        return blocks;
    }
}
