package dev.parley.settings;

import java.util.List;

/**
 * A second port of the standalone server, for health checks and operators, which a server answers that has as many
 * connections as it may. An application server has its own.
 *
 * @param host {@code parley.management.host}: the address to bind; 127.0.0.1
 * @param port {@code parley.management.port}: 1,000 above {@code parley.port} by default (below it where that would be no
 *     port), and any free one where that is; 0 is any free one
 * @param reserve {@code parley.management.reserve}: connections there at once, which no other limit counts; 256
 */
public record ManagementSettings(String host, int port, int reserve) {
    private static final String PREFIX = "parley.management.";
    private static final String HOST = PREFIX + "host";
    private static final String PORT = PREFIX + "port";
    private static final String RESERVE = PREFIX + "reserve";
    private static final String LOOPBACK = "127.0.0.1";
    private static final int ABOVE = 1_000;
    private static final int DEFAULT_RESERVE = 256;

    static ManagementSettings read(SettingsReader reader, int publicPort) {
        int port = reader.number(PORT, besides(publicPort), 0, ListenSettings.LAST_PORT);
        if (port == publicPort && port != 0) {
            throw new SettingException(PORT, Integer.toString(port), "another than parley.port");
        }
        return new ManagementSettings(
                reader.text(HOST).orElse(LOOPBACK),
                port,
                reader.number(RESERVE, DEFAULT_RESERVE, 1, Integer.MAX_VALUE));
    }

    private static int besides(int port) {
        if (port == 0) {
            return 0;
        }
        return port + ABOVE > ListenSettings.LAST_PORT ? port - ABOVE : port + ABOVE;
    }

    /** Whoever sets these on an application server believes that there is such a port. */
    static void requireNone(SettingsReader reader) {
        for (String key : List.of(HOST, PORT, RESERVE)) {
            if (reader.text(key).isPresent()) {
                throw new SettingException(key + " is set, but the second port is the standalone server's: on an"
                        + " application server health checks and operators ask at its own ports.");
            }
        }
    }
}
