package dev.parley.settings;

import dev.parley.connection.Pings;

/** Reads {@code parley.ping.*}. */
final class PingSettings {
    private PingSettings() {}

    static Pings read(SettingsReader reader) {
        return new Pings(
                reader.duration("parley.ping.interval", Pings.DEFAULTS.interval()),
                reader.duration("parley.ping.timeout", Pings.DEFAULTS.timeout()),
                Pings.DEFAULTS.held());
    }
}
