package dev.parley.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.log.ClockLimits;
import dev.parley.log.SpaceLimits;
import dev.parley.security.Caller;
import dev.parley.security.Limits;
import dev.parley.security.PublishRate;
import dev.parley.security.Refusal;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @TempDir
    private Path folder;

    @Test
    void without_any_setting_every_default_works() {
        Settings settings = read(Map.of());

        assertThat(settings.limits()).isEqualTo(Limits.DEFAULTS);
        assertThat(settings.listen().host()).isEmpty();
        assertThat(settings.listen().port()).isEqualTo(8080);
        assertThat(settings.listen().tls()).isEmpty();
        assertThat(settings.database().description()).startsWith("embedded H2 in ");
        assertThat(settings.log().keyAge()).isEqualTo(Duration.ofHours(24));
        assertThat(settings.log().acceptNotDurable()).isFalse();
        assertThat(settings.log().schema()).isEqualTo(LogSettings.Schema.MIGRATE);
        assertThat(settings.unknown()).isEmpty();
        assertThat(settings.guard().connections()).isZero();
    }

    @Test
    void a_namespace_is_durable_without_presence_unless_it_is_chat_or_typing() {
        NamespaceTable channels = read(Map.of()).channels();

        assertThat(channels.of("orders"))
                .isEqualTo(new NamespaceSettings(10_000, Duration.ofDays(7), 256L << 20, true, false, Map.of()));
        assertThat(channels.of("chat"))
                .isEqualTo(new NamespaceSettings(10_000, Duration.ofDays(7), 256L << 20, true, true, Map.of()));
        assertThat(channels.of("typing"))
                .isEqualTo(new NamespaceSettings(10_000, Duration.ofMinutes(1), 256L << 20, false, false, Map.of()));
    }

    @Test
    void a_namespace_is_set_by_its_name_and_one_that_is_not_durable_forgets_after_a_minute() {
        NamespaceTable channels = read(Map.of(
                        "parley.channels.prices.durable", "false",
                        "parley.channels.orders.history-size", "5",
                        "parley.channels.orders.history-age", "30d",
                        "parley.channels.orders.history-bytes", "5GB"))
                .channels();

        assertThat(channels.of("prices").historyAge()).isEqualTo(Duration.ofMinutes(1));
        assertThat(channels.of("orders").retention().size()).isEqualTo(5);
        assertThat(channels.of("orders").retention().age()).isEqualTo(Duration.ofDays(30));
        assertThat(channels.of("orders").retention().bytes()).isEqualTo(5L << 30);
    }

    @Test
    void the_log_has_a_bound_and_so_has_what_is_published_over_time() {
        Settings settings = read(Map.of());
        assertThat(settings.log().space()).isEqualTo(new SpaceLimits(64L << 30, 512L << 20, "parley"));
        assertThat(settings.limits().publishRate()).isEqualTo(new PublishRate(2 << 20, 64 << 20));

        Settings other = read(Map.of(
                "parley.log.max-size", "2000GB",
                "parley.log.free-space", "0",
                "parley.limits.publish-bytes-per-second", "0",
                "parley.limits.publish-burst", "5MB"));
        assertThat(other.log().space()).isEqualTo(new SpaceLimits(2000L << 30, 0, "parley"));
        assertThat(other.limits().publishRate()).isEqualTo(new PublishRate(0, 5 << 20));
    }

    @Test
    void a_clock_may_be_so_far_from_where_it_should_be() {
        assertThat(read(Map.of()).log().clock()).isEqualTo(new ClockLimits(Duration.ofMinutes(1), Duration.ofDays(7)));
        assertThat(read(Map.of("parley.log.clock-skew", "5s", "parley.log.clock-gap", "30d"))
                        .log()
                        .clock())
                .isEqualTo(new ClockLimits(Duration.ofSeconds(5), Duration.ofDays(30)));
    }

    @Test
    void a_message_that_is_larger_than_what_may_be_published_at_once_could_never_be() {
        assertThatThrownBy(() -> read(Map.of("parley.limits.publish-burst", "4MB")))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("parley.limits.publish-burst")
                .hasMessageContaining("at least parley.limits.message-size");
    }

    @Test
    void an_environment_variable_names_a_namespace_too() {
        NamespaceTable channels = read(Map.of(
                        "PARLEY_CHANNELS_PRICES_DURABLE", "false", "parley.channels.prices.durable", "false"))
                .channels();

        assertThat(channels.named()).containsKey("prices");
    }

    @ParameterizedTest(name = "beside {0}: {1}")
    @CsvSource({"8080,9080", "0,0", "64535,65535", "64536,63536", "65535,64535"})
    void the_port_for_operators_is_beside_the_one_for_clients(String port, int management) {
        ManagementSettings settings = read(Map.of("parley.port", port)).listen().management();

        assertThat(settings).isEqualTo(new ManagementSettings("127.0.0.1", management, 256));
    }

    @ParameterizedTest
    @CsvSource({"host,0.0.0.0", "port,0", "port,9080", "reserve,256"})
    void on_an_application_server_nobody_may_rely_on_a_second_port(String key, String value) {
        Config config = config(Map.of("parley.management." + key, value));

        assertThatThrownBy(() -> Settings.readOnServer(config))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("parley.management." + key + " is set, but the second port is the standalone");
        assertThat(Settings.readOnServer(config(Map.of())).listen().port()).isEqualTo(8080);
    }

    @ParameterizedTest(name = "{0} is {1} ms")
    @CsvSource({
        "500ms,500",
        "30s,30000",
        "5m,300000",
        "24h,86400000",
        "7d,604800000",
        "PT1.5S,1500",
        "0s,0",
        "1 H,3600000"
    })
    void aDurationIsWrittenAsPeopleDo(String text, long milliseconds) {
        assertThat(read(Map.of("parley.limits.send-timeout", text)).limits().sendTimeout())
                .isEqualTo(Duration.ofMillis(milliseconds));
    }

    @ParameterizedTest(name = "{0} is {1} bytes")
    @CsvSource({"65536,65536", "64KB,65536", "5MB,5242880", "5 mb,5242880", "1GB,1073741824", "70000B,70000"})
    void aSizeIsWrittenAsPeopleDo(String text, int bytes) {
        assertThat(read(Map.of("parley.limits.message-size", text)).limits().messageSize())
                .isEqualTo(bytes);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = '|', textBlock = """
            parley.port                         | x      | a whole number from 0 to 65535 is expected
            parley.port                         | 65536  | a whole number from 0 to 65535 is expected
            parley.port                         | -1     | a whole number from 0 to 65535 is expected
            parley.management.port              | 65536  | a whole number from 0 to 65535 is expected
            parley.management.port              | 8080   | another than parley.port is expected
            parley.management.reserve           | 0      | a whole number from 1
            parley.limits.send-timeout          | 30     | a duration, such as 500ms, 30s
            parley.limits.send-timeout          | -PT30S | a duration
            parley.limits.message-size          | 5 TB   | a number of bytes, such as
            parley.limits.message-size          | 2GB    | a number of bytes, such as
            parley.limits.message-size          | -1     | a number of bytes, such as
            parley.limits.inline-size           | 6291456 | no more than parley.limits.message-size
            parley.limits.burst                 | 256    | at least 264
            parley.limits.subscriptions         | 0      | a whole number from 1
            parley.log.accept-not-durable       | yes    | true or false is expected
            parley.log.schema                   | drop   | one of migrate, validate, none is expected
            parley.channels.chat.presence       | 1      | true or false, or everyone, users, nobody, or roles
            parley.channels.chat.publish        | yes    | everyone, users, nobody, or roles separated by commas,
            parley.channels.chat.publish        | a,users | everyone, users, nobody, or roles separated by commas,
            parley.rules.a.subscribe            | ,      | everyone, users, nobody, or roles separated by commas,
            parley.host                         | no.such.host.invalid | an address or name of this machine
            """)
    void aWrongValueIsToldInOneSentence(String key, String value, String expected) {
        assertThatThrownBy(() ->
                        read(Map.of(key, value, "parley.rules.a.channels", "a")).guard())
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith(key + " is '" + value + "', but ")
                .hasMessageContaining(expected)
                .hasMessageEndingWith(" is expected.");
    }

    @Test
    void an_origin_that_is_none_is_told() {
        assertThatThrownBy(() -> read(Map.of("parley.origins", "chat.example")).guard())
                .isInstanceOf(SettingException.class)
                .hasMessage("In parley.origins 'chat.example' is no origin, such as https://chat.example.org.");
    }

    @Test
    void a_key_that_means_nothing_is_known_as_such() {
        Settings settings = read(Map.of(
                "parley.prot", "80",
                "parley.limits.conections", "1",
                "parley.channels.chat.historysize", "1",
                "parley.home", "/opt",
                "other.key", "1"));

        assertThat(settings.unknown())
                .containsExactly("parley.channels.chat.historysize", "parley.limits.conections", "parley.prot");
    }

    @Test
    void a_secret_comes_from_a_file_and_is_never_printed() throws IOException {
        Path secret = Files.writeString(folder.resolve("password"), "hush\n");

        Settings settings = read(Map.of(
                "parley.jdbc.url",
                "jdbc:postgresql://db/parley?password=oops",
                "parley.jdbc.password-file",
                secret.toString(),
                "parley.tls.keystore",
                "parley.p12",
                "parley.tls.password-file",
                secret.toString()));

        assertThat(settings.database().password()).contains("hush");
        assertThat(settings.toString()).doesNotContain("hush").doesNotContain("oops");
        assertThat(settings.unknown()).isEmpty();
    }

    @Test
    void a_value_and_a_file_for_the_same_key_contradict_each_other() {
        assertThatThrownBy(() -> read(Map.of("parley.jdbc.user", "a", "parley.jdbc.user-file", "b")))
                .hasMessage("Both parley.jdbc.user and parley.jdbc.user-file are set, but only one of them may be.");
    }

    @Test
    void a_file_that_cannot_be_read_is_told() {
        Path missing = folder.resolve("missing");

        assertThatThrownBy(() -> read(Map.of("parley.jdbc.password-file", missing.toString())))
                .hasMessage("parley.jdbc.password-file is '" + missing + "', but a file that can be read is expected.");
    }

    @ParameterizedTest
    @CsvSource({"certificate", "key"})
    void a_certificate_without_its_key_is_told(String half) {
        assertThatThrownBy(() -> read(Map.of("parley.tls." + half, "a.pem")))
                .hasMessageContaining("both parley.tls.certificate and parley.tls.key");
    }

    @Test
    void bound_to_loopback_the_guard_answers_to_loopback_names_alone() {
        assertThat(status(Map.of("parley.host", "127.0.0.1"), "evil.example")).isEqualTo(403);
        assertThat(status(Map.of("parley.host", "0.0.0.0"), "evil.example")).isZero();
        assertThat(status(Map.of(), "evil.example")).isZero();
        assertThat(status(Map.of("parley.hosts", "a.example, b.example"), "b.example"))
                .isZero();
        assertThat(status(Map.of("parley.hosts", "a.example, b.example"), "c.example"))
                .isEqualTo(403);
    }

    private static int status(Map<String, String> settings, String host) {
        return read(settings)
                .guard()
                .check(new Caller("203.0.113.7", false, List.of(host), List.of()))
                .map(Refusal::status)
                .orElse(0);
    }

    private static Settings read(Map<String, String> values) {
        return Settings.read(config(values));
    }

    private static Config config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(values, "test", 1))
                .build();
    }

    @Test
    void a_variable_of_the_environment_is_no_mistyped_key_though_it_cannot_hold_a_dash() {
        var environment = new EnvConfigSource(Map.of("PARLEY_LIMITS_SEND_TIMEOUT", "5s", "PARLEY_PROT", "1"), 300);
        var file = new PropertiesConfigSource(Map.of("parley.limits.message.size", "1KB"), "file", 200);

        Settings settings = Settings.read(new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(environment, file)
                .build());

        assertThat(settings.limits().sendTimeout()).hasSeconds(5);
        assertThat(settings.unknown()).containsExactly("parley.limits.message.size", "parley.prot");
    }
}
