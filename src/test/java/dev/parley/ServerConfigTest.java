package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.settings.Settings;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/**
 * What {@code server-config} holds, looked at without running it: there is no Docker and no systemd where the tests run.
 * The settings, nginx and haproxy are run by tests of their own.
 */
class ServerConfigTest {
    private static final Path FOLDER = Path.of("server-config");
    private static final Path DISTRIBUTION = Path.of("src/assembly");
    private static final int ORDINAL = 300;

    @TempDir
    private Path folder;

    @Test
    void every_setting_of_the_file_is_one() throws IOException {
        Properties properties = new Properties();
        try (var in = Files.newBufferedReader(FOLDER.resolve("standalone/parley.properties"))) {
            properties.load(in);
        }
        Map<String, String> settings = new HashMap<>();
        properties.forEach((key, value) -> settings.put(key.toString(), value.toString()));
        settings.put("parley.jdbc.password-file", secret().toString());

        Settings read = read(new PropertiesConfigSource(settings, "file", ORDINAL));

        assertThat(read.unknown()).isEmpty();
        assertThat(read.listen().tls()).isPresent();
        assertThat(read.auth().guests()).isFalse();
        assertThat(read.drain().lead()).hasSeconds(5);
    }

    @Test
    void the_unit_starts_what_the_distribution_has_with_settings_that_there_are() throws IOException {
        List<String> unit = Files.readAllLines(FOLDER.resolve("systemd/parley.service"));

        assertThat(unit).contains("[Unit]", "[Service]", "[Install]", "SuccessExitStatus=143", "KillSignal=SIGTERM");
        assertThat(unit)
                .allMatch(line -> line.isEmpty() || line.startsWith("#") || line.matches("\\[\\w+]|[A-Z]\\w+=.*"));
        String start = value(unit, "ExecStart=");
        assertThat(DISTRIBUTION.resolve(Path.of("/opt/parley").relativize(Path.of(start))))
                .isRegularFile();
        Settings read = environment(unit.stream()
                .filter(line -> line.startsWith("Environment=PARLEY_"))
                .map(line -> line.substring("Environment=".length()))
                .toList());
        assertThat(read.unknown()).isEmpty();
        assertThat(Integer.parseInt(value(unit, "TimeoutStopSec="))).isGreaterThan(2 * drained(read));
    }

    @Test
    void the_image_is_made_of_what_is_there() throws IOException {
        String file = Files.readString(FOLDER.resolve("docker/Dockerfile"));
        String joined = file.replaceAll("\\\\\n\\s*", " ");

        List<String> copied = all(joined, "(?m)^COPY (?!--from)(.+) \\S+$").stream()
                .flatMap(names -> Stream.of(names.split(" ", -1)))
                .toList();
        assertThat(copied)
                .contains("pom.xml", "src")
                .allSatisfy(name -> assertThat(Path.of(name)).exists());
        assertThat(all(joined, "(?m)^ENTRYPOINT \\[\"(.+)\"]$")).containsExactly("/opt/parley/bin/parley");
        assertThat(environment(all(joined, "(PARLEY_\\w+=\\S+)")).unknown()).isEmpty();
        assertThat(joined).contains("USER parley").contains("/health/ready");
    }

    /** Else what is pushed comes 200 ms late, and a client could take nodes from the others. */
    @Test
    void proxies_send_at_once_and_count_no_failures() throws IOException {
        List<String> haproxy = directives("haproxy/haproxy.cfg");
        List<String> nginx = directives("nginx/parley.conf");

        assertThat(haproxy.subList(haproxy.indexOf("backend parley"), haproxy.size()))
                .contains("option http-no-delay")
                .noneMatch(line -> line.matches(".*\\b(observe|on-error|retry-on)\\b.*"));
        assertThat(nginx).contains("proxy_buffering off;", "proxy_next_upstream error timeout http_503;");
        assertThat(nginx.stream().filter(line -> line.startsWith("server ") && !line.endsWith("{")))
                .hasSize(2)
                .allMatch(line -> line.endsWith(" max_fails=0;"));
    }

    private static List<String> directives(String file) throws IOException {
        return Files.readAllLines(FOLDER.resolve(file)).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    @Test
    @SuppressWarnings("unchecked")
    void the_compose_file_names_only_what_it_has() throws IOException {
        Path home = FOLDER.resolve("docker");
        Map<String, Object> file = new Yaml().load(Files.readString(home.resolve("compose.yaml")));
        Map<String, Map<String, Object>> services = (Map<String, Map<String, Object>>) file.get("services");
        Map<String, Object> secrets = (Map<String, Object>) file.get("secrets");

        assertThat(services).containsOnlyKeys("one", "two", "postgres", "nginx", "haproxy");
        services.forEach((name, service) -> {
            assertThat(services.keySet()).containsAll(keys(service, "depends_on"));
            assertThat(secrets.keySet()).containsAll((List<String>) service.getOrDefault("secrets", List.of()));
            for (String volume : (List<String>) service.getOrDefault("volumes", List.of())) {
                String source = volume.split(":", 2)[0];
                if (source.startsWith(".")) {
                    assertThat(home.resolve(source)).isRegularFile();
                } else {
                    assertThat(keys(file, "volumes")).contains(source);
                }
            }
        });
        assertThat(keys(services.get("one"), "depends_on")).containsExactly("postgres");
        for (String proxy : List.of("nginx", "haproxy")) {
            assertThat(keys(services.get(proxy), "depends_on")).containsExactly("one", "two");
        }
        Map<String, String> parley =
                new HashMap<>((Map<String, String>) services.get("one").get("environment"));
        parley.replaceAll((key, value) -> key.endsWith("_FILE") ? secret().toString() : value);
        Settings read = environment(parley.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList());
        assertThat(read.unknown()).isEmpty();
        assertThat(read.database().url()).contains("jdbc:postgresql://postgres:5432/parley");
        String grace = services.get("one").get("stop_grace_period").toString();
        assertThat(Integer.parseInt(grace.replaceFirst("s$", ""))).isGreaterThan(drained(read));
        Map<String, Object> build = (Map<String, Object>) services.get("one").get("build");
        assertThat(home.resolve(build.get("context").toString())
                        .resolve(build.get("dockerfile").toString()))
                .isRegularFile();
    }

    /** Seconds, of which none may be cut short. */
    private static int drained(Settings settings) {
        return (int) (settings.drain().lead().toSeconds()
                + settings.drain().spread().toSeconds()
                + settings.drain().patience().toSeconds());
    }

    private static Iterable<String> keys(Map<String, Object> service, String name) {
        return service.get(name) instanceof Map<?, ?> map
                ? map.keySet().stream().map(Object::toString).toList()
                : List.of();
    }

    private static String value(List<String> unit, String key) {
        return unit.stream()
                .filter(line -> line.startsWith(key))
                .findFirst()
                .orElseThrow()
                .substring(key.length());
    }

    private static List<String> all(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.results().map(result -> result.group(1)).toList();
    }

    /** As the server reads them of its environment. */
    private static Settings environment(List<String> pairs) {
        Map<String, String> variables = new HashMap<>();
        pairs.forEach(pair -> variables.put(pair.split("=", 2)[0], pair.split("=", 2)[1]));
        assertThat(variables).isNotEmpty();
        return read(new EnvConfigSource(variables, ORDINAL));
    }

    private static Settings read(ConfigSource source) {
        return Settings.read(new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(source, new PropertiesConfigSource(Map.of("parley.host", "127.0.0.1"), "defaults", 1))
                .build());
    }

    private Path secret() {
        try {
            return Files.writeString(folder.resolve("secret"), "a secret of at least thirty-two bytes\n");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
