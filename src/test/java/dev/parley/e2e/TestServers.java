package dev.parley.e2e;

import dev.parley.channel.HubSettings;
import dev.parley.connection.Pings;
import dev.parley.settings.Settings;
import dev.parley.standalone.StandaloneServer;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Servers in the test's own process, on any free port. */
final class TestServers {
    private static final int LAST = 1_000;

    private TestServers() {}

    /** A server whose embedded database is in this folder. */
    static StandaloneServer start(Path data, Map<String, String> settings) {
        return StandaloneServer.start(all(data, settings));
    }

    /** The same with endpoints of a team's own. */
    static StandaloneServer start(Path data, Map<String, String> settings, Class<?>... endpoints) {
        return StandaloneServer.start(read(data, settings), endpoints);
    }

    /**
     * The same where those who have gone have left sooner.
     *
     * @param grace for who has no connection any more
     * @param held for who reads by one request after the other, since the last one
     */
    static StandaloneServer start(Path data, Map<String, String> settings, Duration grace, Duration held) {
        Settings read = read(data, settings);
        HubSettings memory = read.memory();
        return StandaloneServer.start(new Settings(
                read.listen(),
                read.database(),
                read.log(),
                read.channels(),
                read.rules(),
                read.auth(),
                read.origins(),
                read.hosts(),
                read.limits(),
                new Pings(read.pings().interval(), read.pings().timeout(), held),
                read.front(),
                read.drain(),
                read.threads(),
                new HubSettings(
                        memory.recentCount(),
                        memory.recentBytes(),
                        memory.recentBytesOfNode(),
                        memory.pageCount(),
                        memory.pageBytes(),
                        memory.pageBytesOfNode(),
                        memory.idle(),
                        grace,
                        memory.presenceLimit(),
                        memory.channels(),
                        memory.inlineSize()),
                read.unknown()));
    }

    private static Settings read(Path data, Map<String, String> settings) {
        Map<String, String> all = all(data, settings);
        all.put("parley.host", "127.0.0.1");
        return Settings.read(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(all, "test", LAST))
                .build());
    }

    private static Map<String, String> all(Path data, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("parley.port", "0");
        all.put("parley.data", data.toString());
        return all;
    }
}
