package dev.parley.security;

import dev.parley.api.ChannelPattern;
import dev.parley.api.ChannelPolicy;
import dev.parley.api.Identity;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The policy of the settings and of tokens: both must allow. Of the rules that are for a channel, the first that speaks
 * of an action decides; where none does, everyone may. The server itself may do everything.
 */
public final class RuledPolicy implements ChannelPolicy {
    /** For each action the rules that speak of it. */
    private final Map<Action, List<Rule>> rules = new EnumMap<>(Action.class);

    /**
     * What holds for some channels.
     *
     * @param who may do what; an action that is not named is for the next rule
     */
    public record Rule(ChannelPattern channels, Map<Action, Grantee> who) {
        public Rule {
            who = Map.copyOf(who);
        }
    }

    public RuledPolicy(List<Rule> rules) {
        for (Action action : Action.values()) {
            this.rules.put(
                    action,
                    rules.stream()
                            .filter(rule -> rule.who().containsKey(action))
                            .toList());
        }
    }

    @Override
    public boolean allows(Identity identity, Action action, String channel) {
        if (identity.equals(Identity.SERVER)) {
            return true;
        }
        return identity.rights().allow(action, channel) && who(action, channel).includes(identity);
    }

    private Grantee who(Action action, String channel) {
        for (Rule rule : rules.getOrDefault(action, List.of())) {
            if (rule.channels().matches(channel)) {
                return rule.who().getOrDefault(action, Grantee.NOBODY);
            }
        }
        return Grantee.EVERYONE;
    }
}
