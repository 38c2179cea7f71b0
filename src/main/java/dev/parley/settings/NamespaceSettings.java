package dev.parley.settings;

import static dev.parley.api.ChannelPolicy.Action.HISTORY;
import static dev.parley.api.ChannelPolicy.Action.PUBLISH;
import static dev.parley.api.ChannelPolicy.Action.SUBSCRIBE;

import dev.parley.api.ChannelPolicy.Action;
import dev.parley.channel.HubChannels;
import dev.parley.log.Retention;
import dev.parley.security.Grantee;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What holds for the channels of one namespace; {@code parley.channels.<namespace>.*}.
 *
 * @param historySize {@code history-size}: messages kept of each channel; 10,000
 * @param historyAge {@code history-age}: how long they are kept; 7 days, where not durable 1 minute
 * @param historyBytes {@code history-bytes}: bytes of bodies kept of each channel that is durable, but always its newest
 *     message; 256 MB
 * @param durable {@code durable}: kept in the database, else in memory only; true, but for {@code typing}
 * @param presence {@code presence}: whether it is told who is there; false, but for {@code chat}
 * @param who {@code subscribe}, {@code history}, {@code publish}, and {@code presence} where it is neither true nor
 *     false: who may do that
 */
public record NamespaceSettings(
        int historySize,
        Duration historyAge,
        long historyBytes,
        boolean durable,
        boolean presence,
        Map<Action, Grantee> who) {
    private static final String PRESENCE = "presence";
    private static final int HISTORY_SIZE = 10_000;
    private static final Duration DURABLE_AGE = Duration.ofDays(7);
    private static final long HISTORY_BYTES = 256L << 20;

    /** Of what nodes must not forget: tokens that live longer than this must be withdrawn where they are issued. */
    private static final int OWN_SIZE = 1_000_000;

    private static final Duration OWN_AGE = Duration.ofDays(30);
    private static final long OWN_BYTES = 1L << 30;
    private static final Duration TRANSIENT_AGE = Duration.ofMinutes(1);

    /** Of a namespace about which nothing is set. */
    static final NamespaceSettings DEFAULTS =
            new NamespaceSettings(HISTORY_SIZE, DURABLE_AGE, HISTORY_BYTES, true, false, Map.of());

    public NamespaceSettings {
        who = Map.copyOf(who);
    }

    static NamespaceSettings read(SettingsReader reader, String namespace) {
        String prefix = NamespaceTable.PREFIX + namespace + ".";
        boolean own = namespace.equals(HubChannels.OWN_NAMESPACE);
        boolean durable = reader.flag(prefix + "durable", !namespace.equals("typing"));
        return new NamespaceSettings(
                reader.number(prefix + "history-size", own ? OWN_SIZE : HISTORY_SIZE, 0, Integer.MAX_VALUE),
                reader.duration(prefix + "history-age", own ? OWN_AGE : durable ? DURABLE_AGE : TRANSIENT_AGE),
                reader.size(prefix + "history-bytes", own ? OWN_BYTES : HISTORY_BYTES, 0),
                durable,
                presence(reader, prefix + PRESENCE).orElse(namespace.equals("chat")),
                who(reader, prefix));
    }

    /** Whoever says to whom it is told also says that it is told. */
    private static Optional<Boolean> presence(SettingsReader reader, String key) {
        return reader.text(key).map(value -> !value.equals("false"));
    }

    private static Map<Action, Grantee> who(SettingsReader reader, String prefix) {
        Map<Action, Grantee> who = GranteeSettings.read(reader, prefix, List.of(SUBSCRIBE, HISTORY, PUBLISH));
        Optional<Grantee> present = reader.text(prefix + PRESENCE)
                .filter(value -> !value.equals("true") && !value.equals("false"))
                .map(value -> GranteeSettings.who(prefix + PRESENCE, value, "true or false, or "));
        present.ifPresent(some -> who.put(Action.PRESENCE, some));
        return who;
    }

    public Retention retention() {
        return new Retention(historySize, historyAge, historyBytes);
    }
}
