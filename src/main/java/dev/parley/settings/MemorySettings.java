package dev.parley.settings;

import dev.parley.channel.HubSettings;
import dev.parley.security.Limits;

/** Reads what a node may keep in memory of channels. */
final class MemorySettings {
    private static final HubSettings DEFAULTS = HubSettings.DEFAULTS;
    private static final int LEAST = 1024 * 1024;

    private MemorySettings() {}

    static HubSettings read(SettingsReader reader, Limits limits) {
        int recent = Math.toIntExact(DEFAULTS.recentBytesOfNode());
        return new HubSettings(
                DEFAULTS.recentCount(),
                DEFAULTS.recentBytes(),
                reader.bytes("parley.limits.recent-size", recent, LEAST),
                DEFAULTS.pageCount(),
                DEFAULTS.pageBytes(),
                DEFAULTS.pageBytesOfNode(),
                DEFAULTS.idle(),
                DEFAULTS.presenceGrace(),
                DEFAULTS.presenceLimit(),
                reader.number("parley.limits.channels", DEFAULTS.channels(), 1, Integer.MAX_VALUE),
                limits.inlineSize());
    }
}
