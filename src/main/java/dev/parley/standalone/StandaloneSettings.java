package dev.parley.standalone;

import dev.parley.settings.SettingException;
import dev.parley.settings.Settings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Where the settings come from when nobody brings a MicroProfile Config: what is given goes before system properties,
 * these before environment variables, these before the file.
 */
final class StandaloneSettings {
    private static final String FILE_PROPERTY = "parley.config.file";
    private static final Path USUAL_FILE = Path.of("config", "parley.properties");
    private static final Map<String, String> DEFAULTS = Map.of("parley.host", "127.0.0.1");

    private static final int ABOVE_SYSTEM_PROPERTIES = 500;
    private static final int BELOW_ENVIRONMENT = 200;
    private static final int LOWEST = 1;

    private StandaloneSettings() {}

    /** The file is the one given, else the one of {@code parley.config.file}, else the usual one if it is there. */
    static Settings read(Map<String, String> given, Optional<Path> file) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDefaultSources()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(given, "given", ABOVE_SYSTEM_PROPERTIES))
                .withSources(new PropertiesConfigSource(DEFAULTS, "defaults", LOWEST));
        file.or(() -> Optional.ofNullable(System.getProperty(FILE_PROPERTY)).map(Path::of))
                .or(() -> Optional.of(USUAL_FILE).filter(Files::exists))
                .ifPresent(path -> builder.withSources(
                        new PropertiesConfigSource(load(path), path.toString(), BELOW_ENVIRONMENT)));
        return Settings.read(builder.build());
    }

    private static Map<String, String> load(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new SettingException("The file of settings, " + file + ", cannot be read: " + e.getMessage());
        }
        Map<String, String> map = new HashMap<>();
        properties.forEach((key, value) -> map.put(key.toString(), value.toString()));
        return map;
    }
}
