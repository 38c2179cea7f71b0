package dev.parley.browser;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Node, and the packages of {@code src/test/npm}. */
final class Npm {
    static final Path SOURCES = Path.of("src", "test", "npm").toAbsolutePath();

    /** Each process of the tests has its own: one installs while another uses what is there. */
    private static final Path FOLDER = Path.of(
            System.getProperty("parley.build.directory", "target"),
            "npm",
            Long.toString(ProcessHandle.current().pid()));

    private static final List<String> FILES =
            List.of("package.json", "package-lock.json", "peer.mjs", "firefox.mjs", "size.mjs");
    private static final int MINUTES = 5;

    private static boolean done;

    private Npm() {}

    /** The folder with the packages, as the lock file has them. */
    static synchronized Path installed() throws IOException, InterruptedException {
        if (done) {
            return FOLDER;
        }
        Files.createDirectories(FOLDER);
        for (String file : FILES) {
            Files.copy(SOURCES.resolve(file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        run(FOLDER, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        done = true;
        return FOLDER;
    }

    /** Runs a command, and fails with what it said when it fails. @return what it said */
    static String run(Path folder, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AssertionError(String.join(" ", command) + " failed:\n" + said);
        }
        return said;
    }
}
