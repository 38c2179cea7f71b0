package dev.parley.server;

import dev.parley.channel.ChannelObserver;
import dev.parley.channel.ChannelSettings;
import dev.parley.channel.Channels;
import dev.parley.channel.Hub;
import dev.parley.channel.HubExecutors;
import dev.parley.channel.PublishFilter;
import dev.parley.channel.PublishRules;
import dev.parley.connection.Connections;
import dev.parley.http.Lifecycle;
import dev.parley.jdbc.Durability;
import dev.parley.jdbc.JdbcLog;
import dev.parley.jdbc.JdbcSchema;
import dev.parley.jdbc.JdbcSecrets;
import dev.parley.jdbc.OutboxRelay;
import dev.parley.log.LogCapacity;
import dev.parley.log.LogTrimmer;
import dev.parley.log.LogWriter;
import dev.parley.log.WriterLimits;
import dev.parley.security.ChannelPolicy;
import dev.parley.security.GivenSecrets;
import dev.parley.security.Identities;
import dev.parley.settings.LogSettings;
import dev.parley.settings.NamespaceSettings;
import dev.parley.settings.Settings;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/**
 * One server's worth of Parley, put together: the log, its writer and trimmer, the hub, the connections. It starts when
 * it is made and ends when it is closed.
 */
public final class Node implements AutoCloseable {
    private final NodeExecutors executors;
    private final LogCapacity capacity;
    private final LogWriter writer;
    private final LogTrimmer trimmer;
    private final OutboxRelay relay;
    private final Hub hub;
    private final Channels channels;
    private final Connections connections;
    private final Revocations revocations;
    private final TransactionalPublishing transactional;
    private final List<String> shortcomings;
    private final boolean acceptNotDurable;
    private final DrainSequence sequence;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * What can be replaced.
     *
     * @param source the database; not closed with the node
     * @param shared whether other nodes may write to it, so that it must be looked at for their messages
     * @param filters in the order in which they are asked
     */
    public record Parts(
            DataSource source,
            boolean shared,
            NodeExecutors executors,
            Identities identities,
            ChannelPolicy policy,
            List<PublishFilter> filters) {
        public Parts {
            filters = List.copyOf(filters);
        }
    }

    public Node(Settings settings, Parts parts) {
        executors = parts.executors();
        JdbcSchema.prepare(parts.source(), mode(settings.log().schema()));
        shortcomings = Durability.shortcomings(parts.source());
        acceptNotDurable = settings.log().acceptNotDurable();
        capacity = new LogCapacity(settings.log().space());
        JdbcLog log = new JdbcLog(parts.source(), settings.limits().inlineSize(), capacity);
        hub = new Hub(
                log,
                namespace -> channelSettings(settings.channels().of(namespace)),
                settings.memory(),
                new HubExecutors(executors.reads(), executors.delivery(), executors.foreign(), executors.timer()));
        if (parts.shared()) {
            hub.pollHeads(settings.log().lookInterval());
        }
        writer = new LogWriter(
                log,
                executors.writer(),
                hub,
                WriterLimits.DEFAULT,
                settings.limits().inlineSize());
        trimmer = LogTrimmer.start(
                log, settings.retentions(), executors.chores(), settings.log().trimInterval());
        PublishRules rules = new PublishRules(settings.limits().messageSize(), parts.filters());
        channels = new Channels(hub, log, writer::publish, parts.policy(), rules);
        connections = new Connections(
                channels,
                new Connections.Callers(parts.identities(), secrets(parts.source())),
                settings.limits(),
                settings.pings(),
                new Connections.Executors(
                        executors.delivery(),
                        executors.waiting().closing(),
                        executors.waiting().pinging(),
                        executors.foreign(),
                        executors.timer()));
        relay = OutboxRelay.start(
                log.outbox(),
                writer::publish,
                executors.chores(),
                settings.log().outboxInterval());
        transactional = new TransactionalPublishing(channels, log.outbox(), parts.source(), relay::wake);
        sequence = new DrainSequence(connections, settings.drain());
        revocations = new Revocations(connections, executors.timer());
    }

    public Revocations revocations() {
        return revocations;
    }

    public TransactionalPublishing transactional() {
        return transactional;
    }

    /** From now on tells it what happens on the channels. */
    void tell(ChannelObserver observer) {
        hub.observe(observer);
    }

    public Channels channels() {
        return channels;
    }

    public Connections connections() {
        return connections;
    }

    /** What the database does not promise, a sentence each; empty when all is well. */
    public List<String> shortcomings() {
        return shortcomings;
    }

    /** Whether clients may be sent here. */
    public List<Lifecycle.Check> checks() {
        return List.of(
                check("running", sequence.stage() != DrainSequence.Stage.SERVING, "The server is stopping."),
                check("durable", !shortcomings.isEmpty() && !acceptNotDurable, String.join(" ", shortcomings)),
                writing());
    }

    /** What a publish would find. */
    private Lifecycle.Check writing() {
        if (!writer.status().available()) {
            return Lifecycle.Check.down("log", "The log cannot be written.");
        }
        return capacity.full()
                .map(reason -> Lifecycle.Check.down("log", reason))
                .orElseGet(() -> Lifecycle.Check.up("log"));
    }

    private static Lifecycle.Check check(String name, boolean down, String reason) {
        return down ? Lifecycle.Check.down(name, reason) : Lifecycle.Check.up(name);
    }

    /**
     * Is not ready any more, and tells every client to come back, as {@code parley.drain.*} says; waits for them to go,
     * for a bounded time. A second time does nothing.
     */
    public void drain() {
        sequence.run();
    }

    DrainSequence draining() {
        return sequence;
    }

    NodeExecutors.Waiting waiting() {
        return executors.waiting();
    }

    /** Drains, commits what was published, and ends. A second time does nothing. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        drain();
        relay.close();
        writer.close();
        trimmer.close();
        revocations.close();
        hub.close();
        connections.close();
        executors.close();
    }

    private static GivenSecrets secrets(DataSource source) {
        return new GivenSecrets(JdbcSecrets.find(source, "connections", GivenSecrets::newKey));
    }

    private static JdbcSchema.Mode mode(LogSettings.Schema schema) {
        return JdbcSchema.Mode.valueOf(schema.name());
    }

    private static ChannelSettings channelSettings(NamespaceSettings settings) {
        return new ChannelSettings(
                settings.historySize(), settings.historyAge(), settings.durable(), settings.presence());
    }
}
