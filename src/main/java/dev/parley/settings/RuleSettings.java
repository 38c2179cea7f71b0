package dev.parley.settings;

import dev.parley.api.ChannelPattern;
import dev.parley.api.ChannelPolicy.Action;
import dev.parley.security.Grantee;
import dev.parley.security.RuledPolicy.Rule;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who may do what on channels by their names; {@code parley.rules.<name>.*}: {@code channels}, a pattern, and
 * {@code subscribe}, {@code history}, {@code publish}, {@code presence}.
 *
 * @param rules by their names
 */
public record RuleSettings(List<Rule> rules) {
    private static final String PREFIX = "parley.rules.";
    private static final Pattern KEY = Pattern.compile("parley\\.rules\\.([A-Za-z0-9_-]+)\\..*");
    private static final Pattern VARIABLE =
            Pattern.compile("PARLEY_RULES_(\\w+?)_(CHANNELS|SUBSCRIBE|HISTORY|PUBLISH|PRESENCE)(_FILE)?");

    public RuleSettings {
        rules = List.copyOf(rules);
    }

    static RuleSettings read(SettingsReader reader) {
        return new RuleSettings(
                names(reader).stream().map(name -> rule(reader, name)).toList());
    }

    private static Rule rule(SettingsReader reader, String name) {
        String prefix = PREFIX + name + ".";
        String key = prefix + "channels";
        String pattern = reader.text(key)
                .orElseThrow(() -> new SettingException(
                        key + " is not set, but a rule needs it: a pattern of channels, such as chat.staff-*."));
        Map<Action, Grantee> who = GranteeSettings.read(reader, prefix, List.of(Action.values()));
        try {
            return new Rule(ChannelPattern.of(pattern), who);
        } catch (IllegalArgumentException e) {
            throw new SettingException(key + " is '" + pattern + "', but " + e.getMessage() + ".");
        }
    }

    private static Set<String> names(SettingsReader reader) {
        Set<String> names = new TreeSet<>();
        for (String key : reader.names(PREFIX)) {
            Matcher parts = KEY.matcher(key);
            if (!parts.matches()) {
                throw new SettingException(key + " names no rule: it is " + PREFIX + "<name>.channels, .subscribe,"
                        + " .history, .publish or .presence.");
            }
            names.add(parts.group(1));
        }
        for (String variable : reader.names("PARLEY_RULES_")) {
            Matcher parts = VARIABLE.matcher(variable);
            if (parts.matches()) {
                names.add(parts.group(1).toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }
}
