package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.ErrorCode;
import dev.parley.settings.Settings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

/** What README says of codes and settings is what the server has, all of it, and nothing else. */
class ReadmeTest {
    private static final Pattern KEY = Pattern.compile("`((?:parley)?\\.[a-z-]+(?:\\.(?:[a-z-]+|<[a-z]+>))*)`");

    /** Of namespaces, one that has a name, the two that are always there, and one of an example. */
    private static final Pattern NAMESPACE = Pattern.compile("parley\\.channels\\.(any|chat|parley|typing|prices)\\.");

    private static final Pattern RULE = Pattern.compile("parley\\.rules\\.(any|staff)\\.");

    /** Set by the scripts that start the server, and not about it. */
    private static final Set<String> OF_SCRIPTS = Set.of("parley.home", "parley.config.file");

    @Test
    void the_table_of_errors_is_the_enum() throws IOException {
        assertThat(rows("| code | name | retry | meaning |"))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ErrorCode.values())
                        .map(code -> row(code.code(), code.label(), code.retry(), code.sentence()))
                        .toList());
    }

    @Test
    void the_table_of_ends_is_the_enum() throws IOException {
        assertThat(rows("| code | name | come back | meaning |"))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(DisconnectCode.values())
                        .map(code -> row(code.code(), code.label(), code.reconnect(), code.sentence()))
                        .toList());
    }

    @Test
    void the_table_of_settings_has_every_key_that_the_server_asks_for_and_no_other() throws IOException {
        assertThat(keysOfReadme()).hasSizeGreaterThan(20).containsExactlyElementsOf(keysOfServer());
    }

    @Test
    void every_key_that_the_text_names_is_one_of_the_table() throws IOException {
        assertThat(Pattern.compile("parley\\.[a-z-]+(?:\\.(?:[a-z-]+|<[a-z]+>))*")
                        .matcher(Files.readString(Path.of("README.md"))
                                .replace("config/parley.properties", "")
                                .replaceAll("`dev\\.parley\\.[a-z]+`", "")
                                .replaceAll("-Dparley\\.(?:benchmark|deploy|test)[a-z.]*", "")
                                .replaceAll("parley\\.[a-z]+[(<]", "")
                                .replaceAll("(?s)```(?:js|java|xml).*?```", ""))
                        .results()
                        .map(MatchResult::group)
                        .map(ReadmeTest::general))
                .hasSizeGreaterThan(10)
                .allMatch(keysOfServer()::contains);
    }

    @Test
    void the_file_of_settings_in_the_distribution_names_only_keys_of_the_server() throws IOException {
        assertThat(Files.readAllLines(Path.of("src/assembly/config/parley.properties")))
                .filteredOn(line -> line.matches("#?parley\\..*=.*"))
                .extracting(line ->
                        line.replaceAll("#?(parley[^=]*?)(-file)?=.*", "$1").strip())
                .isNotEmpty()
                .map(ReadmeTest::general)
                .isSubsetOf(keysOfServer());
    }

    private static String row(int code, String name, boolean again, String sentence) {
        return "| " + code + " | `" + name + "` | " + (again ? "yes" : "no") + " | " + sentence + " |";
    }

    /** Of the table with this header, without the line below it. */
    private static List<String> rows(String header) throws IOException {
        return Files.readAllLines(Path.of("README.md")).stream()
                .dropWhile(line -> !line.equals(header))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }

    private static Set<String> keysOfReadme() throws IOException {
        Set<String> keys = new TreeSet<>();
        for (String row : rows("| key | default | what |")) {
            String whole = "";
            Matcher named = KEY.matcher(row.split("\\|", -1)[1]);
            while (named.find()) {
                String key = named.group(1);
                whole = key.startsWith(".") ? whole.substring(0, whole.lastIndexOf('.')) + key : key;
                keys.add(whole);
            }
        }
        return keys;
    }

    /** What it asks for when it reads its settings, each of which may also be the name of a file. */
    private static Set<String> keysOfServer() {
        Set<String> asked = new TreeSet<>();
        Config config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(
                        Map.of("parley.channels.any.durable", "true", "parley.rules.any.channels", "a"), "test", 1))
                .build();
        Settings.read((Config) Proxy.newProxyInstance(
                Config.class.getClassLoader(), new Class<?>[] {Config.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getOptionalValue")) {
                        asked.add(general((String) arguments[0]));
                    }
                    try {
                        return method.invoke(config, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
        asked.removeIf(key -> key.endsWith("-file"));
        asked.removeAll(OF_SCRIPTS);
        return asked;
    }

    private static String general(String key) {
        String named = NAMESPACE.matcher(key).replaceFirst("parley.channels.<namespace>.");
        return RULE.matcher(named).replaceFirst("parley.rules.<name>.");
    }
}
