package dev.parley.settings;

import dev.parley.api.ChannelPolicy;
import dev.parley.api.Identities;
import dev.parley.channel.HubChannels;
import dev.parley.channel.HubSettings;
import dev.parley.connection.Pings;
import dev.parley.log.Retention;
import dev.parley.log.RetentionPolicies;
import dev.parley.security.CredentialsReader;
import dev.parley.security.Guard;
import dev.parley.security.Guests;
import dev.parley.security.HostPolicy;
import dev.parley.security.Limits;
import dev.parley.security.OriginPolicy;
import dev.parley.security.RuledPolicy;
import dev.parley.security.RuledPolicy.Rule;
import dev.parley.security.TokenIdentities;
import dev.parley.security.Tokens;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;

/**
 * Everything that can be set, read once at start from MicroProfile Config: a system property, an environment variable
 * or a file. A value that cannot be is a {@link SettingException}, and the server does not start.
 *
 * @param origins {@code parley.origins}: web pages of these origins may use the server besides its own; {@code *} is all
 * @param hosts {@code parley.hosts}: the names the server answers to; when none is listed, loopback names for a server
 *     bound to loopback, else every name
 * @param memory what the node keeps in memory, and for how long
 * @param unknown keys below {@code parley.} that are set and mean nothing
 */
public record Settings(
        ListenSettings listen,
        DatabaseSettings database,
        LogSettings log,
        NamespaceTable channels,
        RuleSettings rules,
        AuthSettings auth,
        List<String> origins,
        List<String> hosts,
        Limits limits,
        Pings pings,
        FrontSettings front,
        DrainSettings drain,
        ThreadSettings threads,
        HubSettings memory,
        List<String> unknown) {

    public static Settings read(Config config) {
        SettingsReader reader = new SettingsReader(config);
        NamespaceTable channels = NamespaceTable.read(reader);
        Limits limits = LimitsSettings.read(reader);
        return new Settings(
                ListenSettings.read(reader),
                DatabaseSettings.read(reader),
                LogSettings.read(reader),
                channels,
                RuleSettings.read(reader),
                AuthSettings.read(reader)
                        .within(channels.of(HubChannels.OWN_NAMESPACE).historyAge()),
                reader.list("parley.origins"),
                reader.list("parley.hosts"),
                limits,
                PingSettings.read(reader),
                FrontSettings.read(reader),
                DrainSettings.read(reader),
                ThreadSettings.read(reader),
                MemorySettings.read(reader, limits),
                List.copyOf(reader.unknown()));
    }

    /** The same on an application server, where what only the standalone server has, and some rely on, is refused. */
    public static Settings readOnServer(Config config) {
        ManagementSettings.requireNone(new SettingsReader(config));
        return read(config);
    }

    public RetentionPolicies retentions() {
        return new RetentionPolicies() {
            @Override
            public Retention of(String namespace) {
                return channels.of(namespace).retention();
            }

            @Override
            public Duration keyAge() {
                return log.keyAge();
            }
        };
    }

    /** Who may do what: rules by pattern, in the order of their names, come before those of namespaces. */
    public ChannelPolicy policy() {
        return new RuledPolicy(allRules());
    }

    /** @param blocking may wait, as for public keys that are fetched */
    public Identities identities(Executor blocking) {
        return new TokenIdentities(
                auth.tokens().map(tokens -> new Tokens(tokens, blocking)),
                auth.guests() ? Optional.of(new Guests()) : Optional.empty());
    }

    /** Finds in requests who sends them; asks a container for the roles that rules name. */
    public CredentialsReader credentials() {
        return auth.credentials(allRules().stream()
                .flatMap(rule -> rule.who().values().stream())
                .flatMap(who -> who.roles().stream())
                .collect(Collectors.toSet()));
    }

    private List<Rule> allRules() {
        return Stream.concat(rules.rules().stream(), channels.rules().stream()).toList();
    }

    /** A guard by these settings, with nobody let in yet. */
    public Guard guard() {
        HostPolicy hostPolicy = isOnLoopback() ? HostPolicy.onLoopback(hosts) : HostPolicy.open(hosts);
        try {
            return new Guard(hostPolicy, new OriginPolicy(origins), limits, front.proxies());
        } catch (IllegalArgumentException e) {
            throw new SettingException("In parley.origins " + e.getMessage() + ".");
        }
    }

    /**
     * A guard of the port for operators, with nobody let in yet: no page of another origin has business there, and what
     * is on loopback answers only to names of this machine.
     */
    public Guard managementGuard() {
        HostPolicy hostPolicy = isManagedOnLoopback() ? HostPolicy.onLoopback(hosts) : HostPolicy.open(List.of());
        return Guard.ofManagement(hostPolicy, listen.management().reserve());
    }

    /** Whether only this machine can reach the port for operators. */
    public boolean isManagedOnLoopback() {
        return isLoopback("parley.management.host", listen.management().host());
    }

    /** Whether only this machine can reach the server; on an application server nobody here knows. */
    private boolean isOnLoopback() {
        return listen.host().isPresent()
                && isLoopback("parley.host", listen.host().get());
    }

    private static boolean isLoopback(String key, String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new SettingException(key, host, "an address or name of this machine");
        }
    }
}
