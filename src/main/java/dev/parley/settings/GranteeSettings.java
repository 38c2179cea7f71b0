package dev.parley.settings;

import dev.parley.api.ChannelPolicy.Action;
import dev.parley.security.Grantee;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads who may do what: {@code .subscribe}, {@code .publish} and so on, each {@code everyone}, {@code users} … */
final class GranteeSettings {
    private static final String EXPECTED = "everyone, users, nobody, or roles separated by commas,";

    /** Nobody has these roles: somebody thought that a flag is set here. */
    private static final Set<String> FLAGS = Set.of("true", "false", "yes", "no", "on", "off", "1", "0");

    private GranteeSettings() {}

    /** Of the actions those that are set. */
    static Map<Action, Grantee> read(SettingsReader reader, String prefix, List<Action> actions) {
        Map<Action, Grantee> named = new EnumMap<>(Action.class);
        for (Action action : actions) {
            String key = prefix + action.name().toLowerCase(Locale.ROOT);
            reader.text(key).ifPresent(value -> named.put(action, who(key, value, "")));
        }
        return named;
    }

    /** @param further words that may stand there, for the error */
    static Grantee who(String key, String value, String further) {
        return parse(value).orElseThrow(() -> new SettingException(key, value, further + EXPECTED));
    }

    private static Optional<Grantee> parse(String value) {
        try {
            return FLAGS.contains(value.toLowerCase(Locale.ROOT))
                    ? Optional.empty()
                    : Optional.of(Grantee.parse(value));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
