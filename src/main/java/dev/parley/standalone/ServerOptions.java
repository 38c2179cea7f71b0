package dev.parley.standalone;

import dev.parley.settings.SettingException;
import dev.parley.settings.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What one says of a server on the command line; it goes before all other settings. */
final class ServerOptions {
    @Option(names = "--host", paramLabel = "ADDRESS", description = "The address to listen on; 127.0.0.1 by default.")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "NUMBER", description = "The port; 8080 by default, 0 is any free one.")
    private @Nullable String port;

    @Option(names = "--data", paramLabel = "FOLDER", description = "Where the embedded database is; data by default.")
    private @Nullable String data;

    @Option(names = "--config", paramLabel = "FILE", description = "The file of settings.")
    private @Nullable Path config;

    /** @throws SettingException when one of them, or what is in the file, cannot be */
    Settings settings() {
        return settings(Map.of());
    }

    /**
     * The same, where some go before all others.
     *
     * @throws SettingException when one of them, or what is in the file, cannot be
     */
    Settings settings(Map<String, String> first) {
        Map<String, String> options = new HashMap<>();
        put(options, "parley.host", host);
        put(options, "parley.port", port);
        put(options, "parley.data", data);
        options.putAll(first);
        return StandaloneSettings.read(options, Optional.ofNullable(config));
    }

    private static void put(Map<String, String> options, String key, @Nullable String value) {
        if (value != null) {
            options.put(key, value);
        }
    }
}
