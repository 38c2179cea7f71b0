package dev.parley.api;

import dev.parley.api.ChannelPolicy.Action;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a token itself lets its bearer do: for each action, the channels it names. What it does not speak of is for the
 * server's settings alone.
 */
public final class Rights {
    /** Of a token that says nothing about channels, and of everybody who has none. */
    public static final Rights ALL = new Rights(Map.of());

    private final Map<Action, List<ChannelPattern>> patterns;

    private Rights(Map<Action, List<ChannelPattern>> patterns) {
        this.patterns = patterns;
    }

    /** What is named is allowed, and nothing else; history and presence go with subscribing unless they are named too. */
    public static Rights only(Map<Action, List<ChannelPattern>> named) {
        Map<Action, List<ChannelPattern>> all = new EnumMap<>(Action.class);
        List<ChannelPattern> subscribe = named.getOrDefault(Action.SUBSCRIBE, List.of());
        all.put(Action.SUBSCRIBE, subscribe);
        all.put(Action.HISTORY, named.getOrDefault(Action.HISTORY, subscribe));
        all.put(Action.PRESENCE, named.getOrDefault(Action.PRESENCE, subscribe));
        all.put(Action.PUBLISH, named.getOrDefault(Action.PUBLISH, List.of()));
        return new Rights(all);
    }

    /**
     * Whether the token allows it. A policy of a team's own, which takes the place of the settings' rules, asks this where
     * tokens shall be heeded.
     */
    public boolean allow(Action action, String channel) {
        List<ChannelPattern> named = patterns.get(action);
        return named == null || matchesAny(named, channel);
    }

    private static boolean matchesAny(List<ChannelPattern> named, String channel) {
        for (ChannelPattern pattern : named) {
            if (pattern.matches(channel)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return patterns.toString();
    }
}
