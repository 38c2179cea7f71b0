package dev.parley.standalone;

import dev.parley.server.NodeReport;
import dev.parley.settings.NamespaceSettings;
import dev.parley.settings.Settings;
import jakarta.websocket.server.ServerEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The few lines by which a started server says what runs where, and what will not outlast it. */
final class StartupBanner {
    private StartupBanner() {}

    static List<String> of(StandaloneServer server) {
        Settings settings = server.settings();
        List<String> lines = new ArrayList<>();
        lines.add("Parley " + Version.text() + " on " + server.uri());
        lines.add("  WebSocket    "
                + server.endpoints().stream()
                        .map(type -> type.getAnnotation(ServerEndpoint.class).value())
                        .sorted()
                        .map(path -> server.webSocket("/").toString().replaceFirst("/$", "") + path)
                        .collect(Collectors.joining("  ")));
        lines.add("  Operators    " + server.management() + "health/ready, drain");
        lines.add("  Database     " + settings.database().description());
        lines.add("  Not durable  channels of " + transients(settings));
        server.bean(NodeReport.class).notices().forEach(notice -> lines.add("  Note         " + notice));
        settings.unknown().forEach(key -> lines.add("  Warning      there is no setting " + key));
        return lines;
    }

    private static String transients(Settings settings) {
        return settings.channels().named().entrySet().stream()
                .filter(entry -> !entry.getValue().durable())
                .map(Map.Entry<String, NamespaceSettings>::getKey)
                .collect(Collectors.joining(", "));
    }
}
