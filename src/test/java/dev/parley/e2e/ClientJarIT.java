package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.standalone.StandaloneServer;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar of the Java client, and what README says of it: its example is compiled and run as it stands there. */
@Timeout(180)
class ClientJarIT {
    private static final Path JAR = Path.of(System.getProperty("parley.build.directory"))
            .resolve(System.getProperty("parley.build.name") + "-client.jar");

    /** A WebSocket client and JSON-P, and what these need. */
    private static final Pattern BESIDE_IT = Pattern.compile(
            "(tyrus-(client|core|spi|container-grizzly-client)"
                    + "|grizzly-(framework|http|http-server)|jakarta\\.websocket-(client-)?api|parsson|jakarta\\.json-api)-\\d.*");

    @TempDir
    private Path folder;

    @Test
    void it_holds_the_client_and_the_wire_and_nothing_else() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(jar.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName))
                    .contains("dev/parley/client/ParleyClient.class", "dev/parley/protocol/Message.class")
                    .allMatch(name -> name.matches(
                            "dev/parley/(client|concurrent|protocol|wire)/[^/]+\\.class|META-INF/(?!services).*"));
            assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
                    .isEqualTo("dev.parley.client");
        }
    }

    @Test
    void the_example_of_the_readme_runs_with_nothing_but_a_websocket_client_and_json() throws Exception {
        List<Path> classPath = classPath();
        compile(block("java"), classPath);
        try (StandaloneServer server = TestServers.start(folder.resolve("data"), Map.of())) {
            Process process = run(classPath, server.webSocket("/channels"));
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                List<String> lines = List.of(line(out), line(out));
                assertThat(lines)
                        .anyMatch(line -> line.matches("stored at \\w+:1"))
                        .contains("Ann: hi");
                process.outputWriter(StandardCharsets.UTF_8).append('\n').flush();
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isZero();
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void the_readme_names_one_dependency_whose_pom_brings_what_it_is_tested_with() throws IOException {
        assertThat(block("xml"))
                .containsOnlyOnce("<dependency>")
                .contains("<artifactId>parley-client</artifactId>")
                .contains("<version>" + System.getProperty("parley.build.version") + "</version>");
        assertThat(Path.of(System.getProperty("parley.build.directory"), "poms", "parley-client.xml"))
                .content()
                .contains("<version>" + version("tyrus-container-grizzly-client") + "</version>")
                .contains("<version>" + version("jakarta.websocket-client-api") + "</version>")
                .contains("<version>" + version("jakarta.json-api") + "</version>")
                .contains("<version>" + version("parsson") + "</version>");
    }

    /** Of the section From Java. */
    private static String block(String language) throws IOException {
        String section = Files.readString(Path.of("README.md")).split("\n## From Java\n", 2)[1];
        Matcher block =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(section);
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    private static List<Path> classPath() {
        List<Path> path = new ArrayList<>(List.of(JAR));
        path.addAll(libraries().stream()
                .filter(library ->
                        BESIDE_IT.matcher(library.getFileName().toString()).matches())
                .toList());
        return path;
    }

    private static List<Path> libraries() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }

    private static String version(String artifact) {
        return libraries().stream()
                .map(library -> library.getFileName().toString())
                .filter(name -> name.matches(Pattern.quote(artifact) + "-\\d.*\\.jar"))
                .map(name -> name.substring(artifact.length() + 1, name.length() - ".jar".length()))
                .findFirst()
                .orElseThrow();
    }

    private void compile(String source, List<Path> classPath) throws IOException {
        Path file = Files.writeString(folder.resolve("Lobby.java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        boolean compiled = compiler.getTask(
                        problems,
                        null,
                        null,
                        List.of("--release", "17", "-d", folder.toString(), "-cp", joined(classPath)),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(file))
                .call();
        assertThat(compiled).as(problems.toString()).isTrue();
    }

    private Process run(List<Path> classPath, URI uri) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        folder + File.pathSeparator + joined(classPath),
                        "Lobby",
                        uri.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String joined(List<Path> classPath) {
        return String.join(
                File.pathSeparator, classPath.stream().map(Path::toString).toList());
    }

    private static String line(BufferedReader out) throws IOException {
        String line = out.readLine();
        assertThat(line).as("the example has ended").isNotNull();
        return line;
    }
}
