package dev.parley.benchmark;

import jakarta.json.Json;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The peers of Node, with what npm brings, where both are there. */
final class NodePackages {
    private static final Path SOURCES = Path.of("src", "benchmark", "node");
    private static final List<String> FILES =
            List.of("package.json", "package-lock.json", "lifeline.mjs", "room.mjs", "socket-io.mjs");
    private static final int MINUTES = 3;

    private NodePackages() {}

    /** Whether there is Node, and npm. */
    static boolean areThere() throws IOException, InterruptedException {
        return runs("node", "--version") && runs("npm", "--version");
    }

    static void install(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        for (String file : FILES) {
            Files.copy(SOURCES.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                .directory(folder.toFile())
                .inheritIO()
                .start();
        if (!npm.waitFor(MINUTES, TimeUnit.MINUTES) || npm.exitValue() != 0) {
            npm.destroyForcibly();
            throw new BenchmarkException("npm cannot bring the peers of " + SOURCES);
        }
    }

    static String version(Path folder, String name) throws IOException {
        try (JsonReader reader = Json.createReader(Files.newBufferedReader(
                folder.resolve("node_modules").resolve(name).resolve("package.json")))) {
            return reader.readObject().getString("version");
        }
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false; // there is none
        }
    }
}
