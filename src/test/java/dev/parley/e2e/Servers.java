package dev.parley.e2e;

import dev.parley.standalone.StandaloneServer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Servers in the test's own process, on any free port. */
final class Servers {
    private Servers() {}

    /** A server whose embedded database is in this folder. */
    static StandaloneServer start(Path data, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("parley.port", "0");
        all.put("parley.data", data.toString());
        return StandaloneServer.start(all);
    }
}
