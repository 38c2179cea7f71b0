package dev.parley.server;

import dev.parley.log.Retention;
import java.time.Duration;

/**
 * What holds for the channels of one namespace; {@code parley.channels.<namespace>.*}.
 *
 * @param historySize {@code history-size}: messages kept of each channel; 10,000
 * @param historyAge {@code history-age}: how long they are kept; 7 days, where not durable 1 minute
 * @param durable {@code durable}: kept in the database, else in memory only; true, but for {@code typing}
 * @param presence {@code presence}: whether it is told who is there; false, but for {@code chat}
 */
public record NamespaceSettings(int historySize, Duration historyAge, boolean durable, boolean presence) {
    private static final int HISTORY_SIZE = 10_000;
    private static final Duration DURABLE_AGE = Duration.ofDays(7);
    private static final Duration TRANSIENT_AGE = Duration.ofMinutes(1);

    /** Of a namespace about which nothing is set. */
    static final NamespaceSettings DEFAULTS = new NamespaceSettings(HISTORY_SIZE, DURABLE_AGE, true, false);

    static NamespaceSettings read(SettingsReader reader, String namespace) {
        String prefix = ChannelSettings.PREFIX + namespace + ".";
        boolean durable = reader.flag(prefix + "durable", !namespace.equals("typing"));
        return new NamespaceSettings(
                reader.number(prefix + "history-size", HISTORY_SIZE, 0, Integer.MAX_VALUE),
                reader.duration(prefix + "history-age", durable ? DURABLE_AGE : TRANSIENT_AGE),
                durable,
                reader.flag(prefix + "presence", namespace.equals("chat")));
    }

    public Retention retention() {
        return new Retention(historySize, historyAge);
    }
}
