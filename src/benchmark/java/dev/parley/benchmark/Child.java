package dev.parley.benchmark;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process that was started here, and what it prints. */
final class Child implements AutoCloseable {
    private static final int REMEMBERED = 40;
    private static final String END = "\0";

    private final String name;
    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Deque<String> last = new ArrayDeque<>();

    Child(String name, List<String> command, Path folder) throws IOException {
        this.name = name;
        this.process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        Thread thread = new Thread(this::read, "output of " + name);
        thread.setDaemon(true);
        thread.start();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void say(String line) {
        try {
            BufferedWriter in = process.outputWriter(StandardCharsets.UTF_8);
            in.write(line + "\n");
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next line it prints of this form; what comes before is passed over. */
    Matcher await(Pattern form, int seconds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (true) {
            String line = lines.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (line == null || line.equals(END)) {
                throw new BenchmarkException(name
                        + (line == null ? " does not answer within " + seconds + " s" : " has ended") + ":\n"
                        + said());
            }
            Matcher matcher = form.matcher(line);
            if (matcher.find()) {
                return matcher;
            }
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    private String said() {
        synchronized (last) {
            return String.join("\n", last);
        }
    }

    private void read() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                synchronized (last) {
                    last.add(line);
                    if (last.size() > REMEMBERED) {
                        last.remove();
                    }
                }
                lines.add(line);
            }
        } catch (IOException e) {
            // it was ended
        }
        lines.add(END);
    }
}
