package dev.parley.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.parley.api.ChannelPattern;
import dev.parley.api.ChannelPolicy.Action;
import dev.parley.api.Identity;
import dev.parley.api.Rights;
import dev.parley.security.RuledPolicy.Rule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of settings and rights of tokens. */
class PolicyTest {
    private static final Identity GUEST = new Identity("guest-1", Optional.empty());
    private static final Identity USER = new Identity("ann", Optional.empty());
    private static final Identity TRADER = new Identity("tom", Optional.empty(), Set.of("trader", "staff"));

    @ParameterizedTest(name = "{0}: guest {1}, user {2}, trader {3}")
    @CsvSource(delimiter = '|', textBlock = """
            everyone        | true  | true  | true
            users           | false | true  | true
            nobody          | false | false | false
            trader          | false | false | true
            broker          | false | false | false
            broker , trader | false | false | true
            """)
    void aRuleSaysWho(String text, boolean guest, boolean user, boolean trader) {
        Grantee grantee = Grantee.parse(text);

        assertThat(grantee.includes(GUEST)).isEqualTo(guest);
        assertThat(grantee.includes(USER)).isEqualTo(user);
        assertThat(grantee.includes(TRADER)).isEqualTo(trader);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", "trader,everyone", "users,trader", "nobody,"})
    void a_rule_that_names_nobody_or_mixes_words_and_roles_is_none(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Grantee.parse(text))
                .withMessage("everyone, users, nobody, or roles separated by commas");
    }

    @Test
    void a_guest_has_no_roles_whatever_it_claims() {
        Identity disguised = new Identity("guest-1", Optional.empty(), Set.of("trader"));

        assertThat(Grantee.parse("trader").includes(disguised)).isFalse();
    }

    @Test
    void the_first_rule_that_speaks_of_an_action_decides() {
        RuledPolicy policy = new RuledPolicy(List.of(
                new Rule(ChannelPattern.of("a.x"), Map.of(Action.SUBSCRIBE, Grantee.NOBODY)),
                new Rule(
                        ChannelPattern.of("a.*"),
                        Map.of(Action.SUBSCRIBE, Grantee.USERS, Action.PUBLISH, Grantee.NOBODY))));

        assertThat(policy.allows(USER, Action.SUBSCRIBE, "a.x")).isFalse();
        assertThat(policy.allows(USER, Action.SUBSCRIBE, "a.y")).isTrue();
        assertThat(policy.allows(USER, Action.PUBLISH, "a.x")).isFalse();
        assertThat(policy.allows(GUEST, Action.PRESENCE, "a.x")).isTrue();
        assertThat(policy.allows(GUEST, Action.PUBLISH, "b")).isTrue();
    }

    @Test
    void the_token_and_the_rules_must_both_allow() {
        Rights rights = Rights.only(Map.of(Action.PUBLISH, List.of(ChannelPattern.of("**"))));
        Identity bearer = new Identity("ann", Optional.empty(), Set.of(), rights, Optional.empty(), Optional.empty());
        RuledPolicy policy =
                new RuledPolicy(List.of(new Rule(ChannelPattern.of("a"), Map.of(Action.PUBLISH, Grantee.NOBODY))));

        assertThat(policy.allows(bearer, Action.PUBLISH, "a")).isFalse();
        assertThat(policy.allows(bearer, Action.PUBLISH, "b")).isTrue();
        assertThat(policy.allows(bearer, Action.SUBSCRIBE, "b")).isFalse();
    }

    @Test
    void the_server_may_do_everything_and_who_has_not_said_who_it_is_nothing() {
        RuledPolicy policy =
                new RuledPolicy(List.of(new Rule(ChannelPattern.of("**"), Map.of(Action.PUBLISH, Grantee.NOBODY))));

        assertThat(policy.allows(Identity.SERVER, Action.PUBLISH, "a")).isTrue();
        assertThat(policy.allows(Identity.NOBODY, Action.SUBSCRIBE, "a")).isFalse();
        assertThat(new RuledPolicy(List.of()).allows(Identity.NOBODY, Action.PUBLISH, "a"))
                .isFalse();
    }

    @Test
    void presence_and_history_go_with_subscribing_unless_a_token_says_otherwise() {
        Rights plain = Rights.only(Map.of(Action.SUBSCRIBE, List.of(ChannelPattern.of("a"))));
        Rights live = Rights.only(Map.of(Action.SUBSCRIBE, List.of(ChannelPattern.of("a")), Action.HISTORY, List.of()));

        assertThat(plain.allow(Action.HISTORY, "a")).isTrue();
        assertThat(plain.allow(Action.PRESENCE, "a")).isTrue();
        assertThat(plain.allow(Action.PUBLISH, "a")).isFalse();
        assertThat(live.allow(Action.HISTORY, "a")).isFalse();
        assertThat(live.allow(Action.SUBSCRIBE, "a")).isTrue();
    }
}
