package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.client.ClientOptions;
import dev.parley.client.ParleyClient;
import dev.parley.protocol.Start;
import dev.parley.settings.Settings;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that takes a team's classes anew when they have changed. */
@Timeout(600)
class DevServerTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private DevServer server;
    private Thread running;

    @BeforeEach
    void starts_with_the_first_classes() throws Exception {
        Files.createDirectories(classes().resolve("META-INF"));
        Files.writeString(classes().resolve("META-INF/beans.xml"), "");
        write("one", "/says");
        server = new DevServer(this::settings, new WatchedClasses(List.of(classes())), told::add);
        running = new Thread(
                () -> {
                    try {
                        server.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "dev");
        running.start();
        await().atMost(PATIENCE).until(() -> server.server().isPresent());
    }

    @AfterEach
    void stops() throws Exception {
        server.close();
        running.interrupt();
        running.join(PATIENCE.toMillis());
        assertThat(running.isAlive()).isFalse();
    }

    @Test
    void what_was_compiled_anew_answers_at_the_same_port_and_clients_resume() throws Exception {
        URI endpoint = server.server().orElseThrow().webSocket("/says");
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        assertThat(answer(endpoint)).isEqualTo("one");
        try (ParleyClient client =
                new ParleyClient(ClientOptions.to(server.server().orElseThrow().webSocket("/channels")))) {
            client.subscribe(Start.history("chat.dev", 10), message -> heard.add(String.valueOf(message.body())));
            publish(client, "before");

            write("two", "/says");

            await().atMost(PATIENCE).ignoreExceptions().until(() -> answer(endpoint), "two"::equals);
            publish(client, "after");
            await().atMost(PATIENCE).until(() -> heard.size() == 2);
            assertThat(heard).first().asString().contains("before");
        }
        assertThat(told).anyMatch(line -> line.contains("Runs with the classes of"));
    }

    @Test
    void classes_that_do_not_start_are_told_and_the_next_ones_are_taken() throws Exception {
        URI endpoint = server.server().orElseThrow().webSocket("/says");

        write("wrong", "/channels");

        await().atMost(PATIENCE).until(() -> told.stream().anyMatch(line -> line.startsWith("Does not run: ")));
        assertThat(server.server()).isEmpty();

        write("right", "/says");

        await().atMost(PATIENCE).ignoreExceptions().until(() -> answer(endpoint), "right"::equals);
    }

    private Settings settings(Map<String, String> first) {
        Map<String, String> all = new HashMap<>(Map.of(
                "parley.port", "0",
                "parley.management.port", "0",
                "parley.data", folder.resolve("data").toString()));
        all.putAll(first);
        return StandaloneSettings.read(all, Optional.empty());
    }

    private Path classes() {
        return folder.resolve("classes");
    }

    private static void publish(ParleyClient client, String text) throws Exception {
        Object position = client.publishJson("chat.dev", "{\"text\":\"" + text + "\"}")
                .toCompletableFuture()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(position).isNotNull();
    }

    /** What the team's endpoint says to whoever comes. */
    private static String answer(URI endpoint) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(endpoint, new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                        answer.complete(text.toString());
                        return null;
                    }
                })
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        try {
            socket.sendText("?", true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } finally {
            socket.abort();
        }
    }

    /** Compiles an endpoint of the team's, as an editor would: over the one before. */
    private void write(String word, String path) throws IOException {
        Path source = Files.writeString(folder.resolve("Says.java"), """
                package team;

                @jakarta.websocket.server.ServerEndpoint("%s")
                public class Says {
                    @jakarta.websocket.OnMessage
                    public String says(String text) {
                        return "%s";
                    }
                }
                """.formatted(path, word));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        boolean compiled = compiler.getTask(
                        problems,
                        null,
                        null,
                        List.of("--release", "17", "-proc:none", "-d", classes().toString(), "-cp", classPath()),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
                .call();
        assertThat(compiled).as(problems.toString()).isTrue();
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.contains("jakarta.websocket"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
