package dev.parley.arquillian;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A process of a server, tied to this one by the {@link Lifeline}; what it prints goes to a file. */
final class ContainerProcess {
    private static final long PATIENCE_SECONDS = 180;
    private static final long LOOK_MILLIS = 50;
    private static final int SHOWN = 6_000;

    private final Process process;
    private final Path console;

    private ContainerProcess(Process process, Path console) {
        this.process = process;
        this.console = console;
    }

    /**
     * Starts it.
     *
     * @param folder where it runs, and where {@code console.log} is written
     */
    static ContainerProcess start(Path folder, Map<String, String> environment, List<String> command) {
        try {
            Path console = folder.resolve("console.log");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(console.toFile()));
            builder.environment().putAll(environment);
            builder.environment()
                    .put(
                            "JAVA_TOOL_OPTIONS",
                            "-javaagent:" + agent(folder) + "="
                                    + ProcessHandle.current().pid());
            return new ContainerProcess(builder.start(), console);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The Java that runs the tests. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    long pid() {
        return process.pid();
    }

    /** All that it has printed. */
    String printed() {
        try {
            return Files.exists(console) ? Files.readString(console, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it is so; fails when the process ends before, or after three minutes. */
    void await(String what, BooleanSupplier condition) {
        await(what, condition, process::isAlive);
    }

    /** Waits for its end, and says how it was. */
    int awaitEnd() {
        await("end", () -> !process.isAlive(), () -> true);
        return process.exitValue();
    }

    /** Asks it to end, and ends it when it does not. */
    void stop() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS / 3, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void await(String what, BooleanSupplier condition, BooleanSupplier going) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (!going.getAsBoolean() || System.nanoTime() > end) {
                throw failure("does not " + what);
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    IllegalStateException failure(String what) {
        String text = printed();
        return new IllegalStateException("The server " + what + "; " + console + " ends with:\n"
                + text.substring(Math.max(0, text.length() - SHOWN)));
    }

    private static Path agent(Path folder) throws IOException {
        Path jar = folder.resolve("lifeline.jar");
        if (Files.exists(jar)) {
            return jar;
        }
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", Lifeline.class.getName());
        String name = Lifeline.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            out.putNextEntry(new JarEntry(name));
            out.write(Lifeline.class.getClassLoader().getResourceAsStream(name).readAllBytes());
        }
        return jar;
    }
}
