package dev.parley.server;

import dev.parley.channel.ChannelSettings;
import dev.parley.channel.Channels;
import dev.parley.channel.Hub;
import dev.parley.channel.HubThreads;
import dev.parley.channel.PublishFilter;
import dev.parley.channel.PublishRules;
import dev.parley.channel.Witness;
import dev.parley.connection.Connections;
import dev.parley.connection.Revocations;
import dev.parley.http.Lifecycle;
import dev.parley.log.Durability;
import dev.parley.log.JdbcLog;
import dev.parley.log.JdbcSchema;
import dev.parley.log.LogTrimmer;
import dev.parley.log.LogWriter;
import dev.parley.log.OutboxMover;
import dev.parley.log.WriterLimits;
import dev.parley.security.ChannelPolicy;
import dev.parley.security.Identities;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/**
 * One server's worth of Parley, put together: the log, its writer and trimmer, the hub, the connections. It starts when
 * it is made and ends when it is closed.
 */
public final class Node implements AutoCloseable {
    private final NodeThreads threads;
    private final LogWriter writer;
    private final LogTrimmer trimmer;
    private final OutboxMover mover;
    private final Hub hub;
    private final Channels channels;
    private final Connections connections;
    private final Revocations revocations;
    private final TransactionalPublishing transactional;
    private final List<String> shortcomings;
    private final boolean acceptNotDurable;
    private final Draining draining;
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
            NodeThreads threads,
            Identities identities,
            ChannelPolicy policy,
            List<PublishFilter> filters) {
        public Parts {
            filters = List.copyOf(filters);
        }
    }

    public Node(Settings settings, Parts parts) {
        threads = parts.threads();
        JdbcSchema.prepare(parts.source(), mode(settings.log().schema()));
        shortcomings = Durability.shortcomings(parts.source());
        acceptNotDurable = settings.log().acceptNotDurable();
        JdbcLog log = new JdbcLog(parts.source(), settings.limits().inlineSize());
        hub = new Hub(
                log,
                namespace -> channelSettings(settings.channels().of(namespace)),
                settings.memory(),
                new HubThreads(threads.reads(), threads.delivery(), threads.timer()));
        if (parts.shared()) {
            hub.watch(settings.log().lookInterval());
        }
        writer = new LogWriter(
                log,
                threads.writer(),
                hub,
                WriterLimits.DEFAULT,
                settings.limits().inlineSize());
        trimmer = LogTrimmer.start(
                log, settings.retentions(), threads.chores(), settings.log().trimInterval());
        PublishRules rules = new PublishRules(settings.limits().messageSize(), parts.filters());
        channels = new Channels(hub, log, writer::publish, parts.policy(), rules);
        connections = new Connections(
                channels,
                parts.identities(),
                settings.limits(),
                settings.pings(),
                new Connections.Threads(threads.delivery(), threads.blocking(), threads.timer()));
        mover = OutboxMover.start(
                log.outbox(), writer::publish, threads.chores(), settings.log().outboxInterval());
        transactional = new TransactionalPublishing(channels, log.outbox(), parts.source(), mover::wake);
        draining = new Draining(connections, settings.drain());
        revocations = new Revocations(connections, threads.timer());
    }

    public Revocations revocations() {
        return revocations;
    }

    public TransactionalPublishing transactional() {
        return transactional;
    }

    /** From now on tells it what happens on the channels. */
    void tell(Witness witness) {
        hub.tell(witness);
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
                check("running", draining.stage() != Draining.Stage.SERVING, "The server is stopping."),
                check("durable", !shortcomings.isEmpty() && !acceptNotDurable, String.join(" ", shortcomings)),
                check("log", !writer.status().available(), "The log cannot be written."));
    }

    private static Lifecycle.Check check(String name, boolean down, String reason) {
        return down ? Lifecycle.Check.down(name, reason) : Lifecycle.Check.up(name);
    }

    /**
     * Is not ready any more, and tells every client to come back, as {@code parley.drain.*} says; waits for them to go,
     * for a bounded time. A second time does nothing.
     */
    public void drain() {
        draining.run();
    }

    Draining draining() {
        return draining;
    }

    Executor blocking() {
        return threads.blocking();
    }

    /** Drains, commits what was published, and ends. A second time does nothing. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        drain();
        mover.close();
        writer.close();
        trimmer.close();
        revocations.close();
        hub.close();
        connections.close();
        threads.close();
    }

    private static JdbcSchema.Mode mode(LogSettings.Schema schema) {
        return JdbcSchema.Mode.valueOf(schema.name());
    }

    private static ChannelSettings channelSettings(NamespaceSettings settings) {
        return new ChannelSettings(
                settings.historySize(), settings.historyAge(), settings.durable(), settings.presence());
    }
}
