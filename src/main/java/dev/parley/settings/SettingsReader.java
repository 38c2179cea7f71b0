package dev.parley.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;

/**
 * Reads single settings and knows which it was asked for, so that a mistyped key can be told. Any key may be given as a
 * file that holds its value, with {@code -file} after the key: that is how secrets reach a container.
 */
final class SettingsReader {
    static final String PREFIX = "parley.";

    private static final String FILE = "-file";

    /** Set by the scripts that start the server, and not about it. */
    private static final Set<String> OTHERS = Set.of("parley.home", "parley.config.file");

    private final Config config;
    private final Set<String> known = new HashSet<>(OTHERS);

    SettingsReader(Config config) {
        this.config = config;
    }

    Optional<String> text(String key) {
        Optional<String> value = value(key);
        Optional<String> file = value(key + FILE);
        if (value.isPresent() && file.isPresent()) {
            throw new SettingException("Both " + key + " and " + key + FILE + " are set, but only one of them may be.");
        }
        return value.isPresent() ? value : file.map(path -> content(key + FILE, path));
    }

    List<String> list(String key) {
        return text(key).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    int number(String key, int otherwise, int least, int most) {
        return read(key, otherwise, "a whole number from " + least + " to " + most, value -> whole(value, least, most));
    }

    boolean flag(String key, boolean otherwise) {
        return read(key, otherwise, "true or false", value -> switch (value) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        });
    }

    Duration duration(String key, Duration otherwise) {
        return read(key, otherwise, "a duration, such as 500ms, 30s, 5m, 24h, 7d or PT30S,", Quantities::duration);
    }

    int bytes(String key, int otherwise, int least) {
        return read(
                key,
                otherwise,
                "a number of bytes, such as 65536, 64KB or 5MB, from " + least + " to " + Integer.MAX_VALUE + ",",
                value -> Quantities.bytes(value)
                        .filter(bytes -> bytes >= least && bytes <= Integer.MAX_VALUE)
                        .map(Math::toIntExact));
    }

    /** The same where there may be more than an array holds. */
    long size(String key, long otherwise, long least) {
        return read(
                key,
                otherwise,
                "a number of bytes, such as 64MB or 5GB, from " + least + ",",
                value -> Quantities.bytes(value).filter(bytes -> bytes >= least));
    }

    /** Any of the constants, by its name in lower case. */
    <T extends Enum<T>> T oneOf(String key, T otherwise, List<T> constants) {
        List<String> names = constants.stream().map(SettingsReader::lowerCase).toList();
        return read(
                key,
                otherwise,
                "one of " + String.join(", ", names),
                value -> constants.stream()
                        .filter(constant -> lowerCase(constant).equals(value))
                        .findFirst());
    }

    <T> T read(String key, T otherwise, String expected, Function<String, Optional<T>> form) {
        return text(key)
                .map(value -> form.apply(value).orElseThrow(() -> new SettingException(key, value, expected)))
                .orElse(otherwise);
    }

    /** Every key that is set and begins so. */
    NavigableSet<String> names(String prefix) {
        NavigableSet<String> names = new TreeSet<>();
        StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(name -> name.startsWith(prefix))
                .forEach(names::add);
        return names;
    }

    /**
     * What is set below {@code parley.} and was never asked for: a mistyped key would else be a default unawares. A name
     * that comes from an environment variable has lost which of its {@code _} was a dash.
     */
    NavigableSet<String> unknown() {
        NavigableSet<String> names = names(PREFIX);
        names.removeAll(known);
        Set<String> asked = known.stream().map(SettingsReader::dotted).collect(Collectors.toSet());
        names.removeIf(name -> asked.contains(dotted(name)) && isOfEnvironment(name));
        return names;
    }

    /** SmallRye's source is called {@code EnvConfigSource[…]}, Payara's {@code Environment}. */
    private boolean isOfEnvironment(String name) {
        return StreamSupport.stream(config.getConfigSources().spliterator(), false)
                .filter(source -> source.getPropertyNames().contains(name))
                .allMatch(source -> source.getName().contains("Env"));
    }

    private static String dotted(String key) {
        return key.replace('-', '.');
    }

    private Optional<String> value(String key) {
        known.add(key);
        try {
            return config.getOptionalValue(key, String.class).map(String::strip).filter(value -> !value.isEmpty());
        } catch (NoSuchElementException | IllegalArgumentException e) {
            throw new SettingException("The value of " + key + " cannot be read: " + e.getMessage());
        }
    }

    private static String content(String key, String path) {
        try {
            return Files.readString(Path.of(path)).strip();
        } catch (IOException | IllegalArgumentException e) {
            throw new SettingException(key, path, "a file that can be read");
        }
    }

    private static Optional<Integer> whole(String value, int least, int most) {
        try {
            return Optional.of(Integer.parseInt(value)).filter(number -> number >= least && number <= most);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
