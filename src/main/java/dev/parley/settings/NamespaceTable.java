package dev.parley.settings;

import dev.parley.api.ChannelPattern;
import dev.parley.channel.HubChannels;
import dev.parley.protocol.Names;
import dev.parley.security.RuledPolicy.Rule;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What holds for each namespace of channels.
 *
 * @param named those about which something is set, and those with defaults of their own: {@code chat}, {@code
 *     typing}, and the server's own {@code parley}
 */
public record NamespaceTable(SortedMap<String, NamespaceSettings> named) {
    static final String PREFIX = "parley.channels.";

    /** An environment variable has no lower case and no dots: its namespace is taken in lower case. */
    private static final Pattern VARIABLE = Pattern.compile("PARLEY_CHANNELS_(\\w+?)_"
            + "(HISTORY_SIZE|HISTORY_AGE|HISTORY_BYTES|DURABLE|PRESENCE|SUBSCRIBE|HISTORY|PUBLISH)(_FILE)?");

    public NamespaceTable {
        named = Collections.unmodifiableSortedMap(new TreeMap<>(named));
    }

    /** Of this namespace, or the defaults. */
    public NamespaceSettings of(String namespace) {
        return named.getOrDefault(namespace, NamespaceSettings.DEFAULTS);
    }

    /** Who may do what, by namespace. */
    List<Rule> rules() {
        return named.entrySet().stream()
                .map(entry -> new Rule(
                        ChannelPattern.ofNamespace(entry.getKey()),
                        entry.getValue().who()))
                .filter(rule -> !rule.who().isEmpty())
                .toList();
    }

    static NamespaceTable read(SettingsReader reader) {
        SortedMap<String, NamespaceSettings> named = new TreeMap<>();
        for (String namespace : namespaces(reader)) {
            named.put(namespace, NamespaceSettings.read(reader, namespace));
        }
        return new NamespaceTable(named);
    }

    private static Set<String> namespaces(SettingsReader reader) {
        Set<String> namespaces = new TreeSet<>();
        namespaces.add(HubChannels.OWN_NAMESPACE);
        namespaces.add("chat");
        namespaces.add("typing");
        Stream.concat(
                        reader.names(PREFIX).stream().flatMap(key -> ofKey(key).stream()),
                        reader.names("PARLEY_CHANNELS_").stream().flatMap(name -> ofVariable(name).stream()))
                .forEach(namespaces::add);
        return namespaces;
    }

    private static Optional<String> ofKey(String key) {
        String rest = key.substring(PREFIX.length());
        int dot = rest.indexOf('.');
        String namespace = dot < 0 ? "" : rest.substring(0, dot);
        if (!Names.isChannel(namespace)) {
            throw new SettingException(key + " names no namespace: it is " + PREFIX + "<namespace>.history-size,"
                    + " .history-age, .history-bytes, .durable, .presence, .subscribe, .history or .publish.");
        }
        return Optional.of(namespace);
    }

    private static Optional<String> ofVariable(String name) {
        Matcher parts = VARIABLE.matcher(name);
        return parts.matches() ? Optional.of(parts.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
    }
}
