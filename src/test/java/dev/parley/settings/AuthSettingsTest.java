package dev.parley.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.ChannelPolicy;
import dev.parley.api.ChannelPolicy.Action;
import dev.parley.api.Credentials;
import dev.parley.api.Identity;
import dev.parley.security.TokenSettings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings {@code parley.auth.*} and {@code parley.rules.*}, and those of namespaces that say who may do what. */
class AuthSettingsTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final Identity GUEST = new Identity("guest-1", Optional.empty());
    private static final Identity ANN = new Identity("ann", Optional.empty());
    private static final Identity TRADER = new Identity("tom", Optional.empty(), Set.of("trader"));

    @TempDir
    private Path folder;

    @Test
    void without_a_setting_no_tokens_are_taken_and_guests_are() {
        AuthSettings auth = read(Map.of()).auth();

        assertThat(auth.tokens()).isEmpty();
        assertThat(auth.guests()).isTrue();
        assertThat(auth.cookie()).isEqualTo("parley-token");
        assertThat(auth.operatorRole()).isEqualTo("operator");
        assertThat(user(Map.of(), Credentials.NONE)).startsWith("guest-");
        assertThat(refusal(Map.of(), Credentials.bearing("a.b.c"))).contains("takes no tokens");
    }

    @Test
    void tokens_live_no_longer_than_what_is_revoked_is_remembered() {
        Map<String, String> settings = new HashMap<>(Map.of("parley.auth.secret", SECRET));
        settings.put("parley.auth.token-lifetime", "30d");
        assertThat(read(settings).auth().tokens().orElseThrow().lifetime()).isEqualTo(Duration.ofDays(30));

        settings.put("parley.channels.parley.history-age", "29d");
        assertThatThrownBy(() -> read(settings))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("parley.auth.token-lifetime is 'PT720H'")
                .hasMessageContaining("no more than PT696H")
                .hasMessageContaining("parley.channels.parley.history-age");
        settings.put("parley.auth.token-lifetime", "0s");
        assertThatThrownBy(() -> read(settings)).isInstanceOf(SettingException.class);
    }

    @Test
    void a_secret_comes_with_its_defaults_and_is_never_printed() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), SECRET + "\n");

        Settings settings = read(Map.of("parley.auth.secret-file", file.toString()));

        TokenSettings tokens = settings.auth().tokens().orElseThrow();
        assertThat(tokens.keys()).isEqualTo(new TokenSettings.Secret(SECRET));
        assertThat(tokens.algorithms()).containsExactly("HS256");
        assertThat(tokens.clockSkew()).isEqualTo(Duration.ofSeconds(60));
        assertThat(tokens.lifetime()).isEqualTo(Duration.ofHours(24));
        assertThat(settings.toString()).doesNotContain(SECRET);
        assertThat(settings.unknown()).isEmpty();
    }

    @Test
    void public_keys_come_with_their_defaults() throws IOException {
        TokenSettings tokens =
                read(Map.of("parley.auth.jwks", jwks())).auth().tokens().orElseThrow();

        assertThat(tokens.algorithms()).containsExactlyInAnyOrder("RS256", "ES256");
        assertThat(tokens.keys()).isEqualTo(new TokenSettings.Jwks(jwks(), Duration.ofSeconds(10)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            secret | none        | parley.auth.algorithms is 'none', but of HS256, HS384, HS512, which parley.auth.secret
            secret | RS256       | but of HS256, HS384, HS512, which parley.auth.secret is for, one or more is expected.
            secret | HS256,ES256 | but of HS256, HS384, HS512, which parley.auth.secret is for, one or more is expected.
            secret | HS512       | parley.auth.secret has 32 bytes, but 64 or more are needed with HS512.
            jwks   | none        | but of RS256, RS384, RS512, PS256
            jwks   | HS256       | which parley.auth.jwks is for, one or more is expected.
            jwks   | EdDSA       | which parley.auth.jwks is for, one or more is expected.
            """)
    void anAlgorithmThatIsNotForTheKeysRefusesTheStart(String keys, String algorithms, String sentence)
            throws IOException {
        Map<String, String> settings = new HashMap<>(Map.of("parley.auth.algorithms", algorithms));
        settings.put("parley.auth." + keys, keys.equals("secret") ? SECRET : jwks());

        assertThatThrownBy(() -> read(settings))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining(sentence)
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void what_cannot_be_meant_refuses_the_start() throws IOException {
        assertThatThrownBy(() -> read(Map.of("parley.auth.secret", SECRET, "parley.auth.jwks", jwks())))
                .hasMessageContaining("only one of them may be");
        assertThatThrownBy(() -> read(Map.of("parley.auth.secret", "short")))
                .hasMessage("parley.auth.secret has 5 bytes, but 32 or more are needed with HS256.");
        assertThatThrownBy(() -> read(Map.of("parley.auth.issuer", "https://login.example")))
                .hasMessageContaining("none are without parley.auth.secret or parley.auth.jwks");
        assertThatThrownBy(() -> read(Map.of("parley.auth.jwks", "/no/such/file")))
                .hasMessageContaining("a file that can be read, or an http(s) address");
        assertThatThrownBy(() -> read(Map.of("parley.auth.jwks", "https:///nowhere")))
                .hasMessageContaining("a file that can be read, or an http(s) address");
        assertThatThrownBy(() -> read(Map.of("parley.auth.secret", SECRET, "parley.auth.clock-skew", "2h")))
                .hasMessageContaining("no more than PT1H");
        assertThatThrownBy(() -> read(Map.of("parley.auth.cookie", "a b"))).hasMessageContaining("a cookie's name");
    }

    @Test
    void without_guests_a_login_or_a_token_is_needed() {
        Map<String, String> closed = Map.of("parley.auth.guests", "false");
        Credentials login = new Credentials(
                Optional.of("ann"), Set.of("trader"), Optional.empty(), Optional.empty(), Optional.empty());

        assertThat(refusal(closed, Credentials.NONE)).contains("no guests");
        assertThat(user(closed, login)).isEqualTo("ann");
    }

    @Test
    void the_container_is_asked_for_the_roles_that_rules_name_and_the_operators_and_further_ones() {
        Settings settings = read(Map.of(
                "parley.channels.orders.publish", "trader, broker",
                "parley.rules.staff.channels", "chat.staff-*",
                "parley.rules.staff.subscribe", "staff",
                "parley.auth.container-roles", "guest-book"));
        Principal ann = () -> "ann";

        Credentials shown = settings.credentials().read(List.of(), List.of(), ann, role -> true);

        assertThat(shown.principal()).contains("ann");
        assertThat(shown.roles()).containsExactlyInAnyOrder("trader", "broker", "staff", "operator", "guest-book");
    }

    @Test
    void rules_by_pattern_in_the_order_of_their_names_come_before_those_of_namespaces() {
        ChannelPolicy policy = read(Map.of(
                        "parley.channels.chat.publish", "users",
                        "parley.rules.10-open.channels", "chat.open-*, chat.*.open",
                        "parley.rules.10-open.publish", "everyone",
                        "parley.rules.20-all.channels", "chat.**",
                        "parley.rules.20-all.publish", "trader",
                        "parley.rules.20-all.history", "nobody"))
                .policy();

        assertThat(policy.allows(GUEST, Action.PUBLISH, "chat.open-day")).isTrue();
        assertThat(policy.allows(GUEST, Action.PUBLISH, "chat.a.open")).isTrue();
        assertThat(policy.allows(ANN, Action.PUBLISH, "chat.lobby")).isFalse();
        assertThat(policy.allows(TRADER, Action.PUBLISH, "chat.lobby")).isTrue();
        assertThat(policy.allows(TRADER, Action.HISTORY, "chat.open-day")).isFalse();
        assertThat(policy.allows(GUEST, Action.PUBLISH, "chat")).isFalse();
        assertThat(policy.allows(ANN, Action.PUBLISH, "chat")).isTrue();
        assertThat(policy.allows(GUEST, Action.SUBSCRIBE, "chat.lobby")).isTrue();
        assertThat(policy.allows(GUEST, Action.PUBLISH, "chats.lobby")).isTrue();
    }

    @Test
    void presence_is_whether_it_is_told_or_to_whom() {
        Settings settings = read(Map.of(
                "parley.channels.chat.presence", "false",
                "parley.channels.desk.presence", "trader",
                "parley.channels.open.presence", "true"));

        assertThat(settings.channels().of("chat").presence()).isFalse();
        assertThat(settings.channels().of("desk").presence()).isTrue();
        assertThat(settings.channels().of("open").who()).isEmpty();
        assertThat(settings.policy().allows(ANN, Action.PRESENCE, "desk.a")).isFalse();
        assertThat(settings.policy().allows(TRADER, Action.PRESENCE, "desk.a")).isTrue();
    }

    @Test
    void environment_variables_name_rules_and_namespaces_too() {
        Settings settings = read(Map.of(
                "PARLEY_RULES_STAFF_CHANNELS", "a",
                "parley.rules.staff.channels", "chat.staff",
                "PARLEY_CHANNELS_PRICES_PUBLISH", "nobody",
                "parley.channels.prices.publish", "nobody"));

        assertThat(settings.rules().rules()).hasSize(1);
        assertThat(settings.policy().allows(ANN, Action.PUBLISH, "prices.gold")).isFalse();
    }

    @Test
    void a_rule_without_channels_or_with_a_pattern_that_is_none_refuses_the_start() {
        assertThatThrownBy(() -> read(Map.of("parley.rules.staff.publish", "staff")))
                .hasMessage(
                        "parley.rules.staff.channels is not set, but a rule needs it: a pattern of channels, such as"
                                + " chat.staff-*.");
        assertThatThrownBy(() -> read(Map.of("parley.rules.staff.channels", "chat.***")))
                .hasMessageStartingWith("parley.rules.staff.channels is 'chat.***', but a pattern is");
        assertThatThrownBy(() -> read(Map.of("parley.rules.staff", "chat.*"))).hasMessageContaining("names no rule");
        assertThat(read(Map.of("parley.rules.staff.channels", "a", "parley.rules.staff.pulbish", "nobody"))
                        .unknown())
                .containsExactly("parley.rules.staff.pulbish");
    }

    private String jwks() throws IOException {
        return Files.writeString(folder.resolve("jwks.json"), "{\"keys\":[]}").toString();
    }

    private static String user(Map<String, String> settings, Credentials shown) {
        return read(settings)
                .identities(Runnable::run)
                .identify(shown)
                .toCompletableFuture()
                .join()
                .identity()
                .user();
    }

    private static String refusal(Map<String, String> settings, Credentials shown) {
        try {
            return user(settings, shown);
        } catch (CompletionException e) {
            return e.getCause().getMessage();
        }
    }

    private static Settings read(Map<String, String> values) {
        return Settings.read(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(values, "test", 1))
                .build());
    }
}
