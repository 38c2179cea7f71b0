package dev.parley.e2e;

import static org.awaitility.Awaitility.await;

import dev.parley.testing.WallClock;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a process of its own, on any free port, that can be killed. */
final class ServerProcess implements AutoCloseable {
    private static final int REST_BYTES = 256 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern GREETING = Pattern.compile("Parley .* on (https?://\\S+)");
    private static final Pattern STACK_TRACE = Pattern.compile("^\\s+at \\S+\\(|Exception|^SEVERE|OutOfMemoryError");
    private static final int REMEMBERED = 200;

    private final Process process;
    private final CompletableFuture<URI> uri = new CompletableFuture<>();
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Deque<String> output = new ArrayDeque<>();
    private final List<String> stackTraces = new ArrayList<>();

    /** What is alive in the process's memory, in bytes, and how many threads and open files it has. */
    record Memory(long heap, long direct, int threads, int files) {}

    private ServerProcess(Process process) {
        this.process = process;
    }

    /** Starts it; when this returns it serves. */
    static ServerProcess start(Path data, Map<String, String> settings) {
        return start(data, settings, 0);
    }

    /** On a port that another has just given back. */
    static ServerProcess start(Path data, Map<String, String> settings, int port) {
        return start(List.of(), data, settings, port);
    }

    /** By a clock that can be set. */
    static ServerProcess start(Path data, Map<String, String> settings, WallClock clock) {
        return start(clock.command(), data, settings, 0);
    }

    private static ServerProcess start(List<String> by, Path data, Map<String, String> settings, int port) {
        List<String> command = new ArrayList<>(by);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        command.add("-Dparley.management.port=0"); // unless the settings say otherwise
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of(ServerMain.class.getName(), "--port", "" + port, "--data", data.toString()));
        return start(command, data.getParent());
    }

    /** Whatever starts it. */
    static ServerProcess start(List<String> command, Path folder) {
        try {
            ServerProcess server = new ServerProcess(new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start());
            server.drain();
            server.within(server.uri);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI uri() {
        return uri.getNow(null);
    }

    /** As {@code kill -9}; when this returns it is gone. */
    void kill() {
        process.destroyForcibly();
        within(process.onExit());
    }

    /** As {@code kill}: returns when it has ended by itself, with its exit status. */
    int terminate() {
        // Not Process.destroy, which closes the streams too
        process.toHandle().destroy();
        return within(process.onExit()).exitValue();
    }

    /** Collects what is not alive, and measures the rest. */
    Memory memory() {
        try {
            BufferedWriter in = process.outputWriter(StandardCharsets.UTF_8);
            in.write("\n");
            in.flush();
            String answer = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            String[] parts = String.valueOf(answer).split(" ", -1);
            return new Memory(
                    Long.parseLong(parts[1]),
                    Long.parseLong(parts[2]),
                    Integer.parseInt(parts[3]),
                    Integer.parseInt(parts[4]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** When it has come to rest: it goes on filling the operating system's buffers for a while. */
    Memory settledMemory() {
        AtomicReference<Memory> last = new AtomicReference<>(memory());
        await().atMost(TestClient.PATIENCE).until(() -> {
            Memory now = memory();
            return Math.abs(now.heap() - last.getAndSet(now).heap()) < REST_BYTES;
        });
        return last.get();
    }

    /** The same when no connection that has ended is still waited for, as it is for 5 s. */
    Memory memoryAfterFarewells() {
        AtomicReference<Memory> last = new AtomicReference<>(memory());
        await().atMost(TestClient.PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .during(Duration.ofSeconds(6))
                .until(() -> {
                    Memory now = memory();
                    return Math.abs(now.heap() - last.getAndSet(now).heap()) < REST_BYTES;
                });
        return last.get();
    }

    long pid() {
        return process.pid();
    }

    /** The last lines it printed. */
    String output() {
        synchronized (output) {
            return String.join("\n", output);
        }
    }

    /** Every line it printed that is part of a stack trace. */
    List<String> stackTraces() {
        synchronized (output) {
            return List.copyOf(stackTraces);
        }
    }

    @Override
    public void close() {
        kill();
    }

    private <T> T within(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new IllegalStateException("The server does not do as it should:\n" + output(), e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IllegalStateException(e);
        }
    }

    private void drain() {
        Thread thread = new Thread(this::read, "server-output-" + process.pid());
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                line(line);
            }
        } catch (IOException e) {
            // it was killed
        }
        uri.completeExceptionally(new IllegalStateException("The server has ended"));
    }

    private void line(String line) {
        synchronized (output) {
            output.add(line);
            if (STACK_TRACE.matcher(line).find()) {
                stackTraces.add(line);
            }
            if (output.size() > REMEMBERED) {
                output.remove();
            }
        }
        Matcher greeting = GREETING.matcher(line);
        if (greeting.find()) {
            uri.complete(URI.create(greeting.group(1)));
        } else if (line.startsWith(ServerMain.MEMORY)) {
            answers.add(line);
        }
    }
}
