package dev.parley.e2e;

import dev.parley.server.Settings;
import dev.parley.standalone.StandaloneServer;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Servers in the test's own process, on any free port. */
final class Servers {
    private static final int LAST = 1_000;

    private Servers() {}

    /** A server whose embedded database is in this folder. */
    static StandaloneServer start(Path data, Map<String, String> settings) {
        return StandaloneServer.start(all(data, settings));
    }

    /** The same with endpoints of a team's own. */
    static StandaloneServer start(Path data, Map<String, String> settings, Class<?>... endpoints) {
        Map<String, String> all = all(data, settings);
        all.put("parley.host", "127.0.0.1");
        return StandaloneServer.start(
                Settings.read(new SmallRyeConfigBuilder()
                        .withSources(new PropertiesConfigSource(all, "test", LAST))
                        .build()),
                endpoints);
    }

    private static Map<String, String> all(Path data, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("parley.port", "0");
        all.put("parley.data", data.toString());
        return all;
    }
}
