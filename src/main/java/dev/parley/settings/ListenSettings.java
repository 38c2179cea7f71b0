package dev.parley.settings;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the standalone server listens and what it shows; an application server has its own of all these.
 *
 * @param host {@code parley.host}: the address to bind; 127.0.0.1 standalone, empty on an application server
 * @param port {@code parley.port}: 8080 by default; 0 is any free one
 * @param web {@code parley.web}: the folder of the pages
 * @param management a second port, for operators
 */
public record ListenSettings(
        Optional<String> host, int port, Path web, Optional<TlsSettings> tls, ManagementSettings management) {
    static final int LAST_PORT = 65_535;

    private static final int PORT = 8080;

    static ListenSettings read(SettingsReader reader) {
        int port = reader.number("parley.port", PORT, 0, LAST_PORT);
        return new ListenSettings(
                reader.text("parley.host"),
                port,
                Path.of(reader.text("parley.web").orElse("src/main/webapp")),
                TlsSettings.read(reader),
                ManagementSettings.read(reader, port));
    }
}
