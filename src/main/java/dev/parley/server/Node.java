package dev.parley.server;

import dev.parley.api.ChannelPolicy;
import dev.parley.api.Identities;
import dev.parley.api.PublishFilter;
import dev.parley.api.Transactions;
import dev.parley.channel.ChannelObserver;
import dev.parley.channel.ChannelSettings;
import dev.parley.channel.Hub;
import dev.parley.channel.HubChannels;
import dev.parley.channel.HubExecutors;
import dev.parley.channel.PublishRules;
import dev.parley.connection.Connections;
import dev.parley.http.Lifecycle;
import dev.parley.jdbc.Durability;
import dev.parley.jdbc.JdbcLog;
import dev.parley.jdbc.JdbcOutbox;
import dev.parley.jdbc.JdbcSchema;
import dev.parley.jdbc.JdbcSecrets;
import dev.parley.jdbc.OutboxRelay;
import dev.parley.log.LogCapacity;
import dev.parley.log.LogClock;
import dev.parley.log.LogTrimmer;
import dev.parley.log.LogWriter;
import dev.parley.log.WriterLimits;
import dev.parley.log.WriterStatus;
import dev.parley.security.GivenSecrets;
import dev.parley.settings.LogSettings;
import dev.parley.settings.NamespaceSettings;
import dev.parley.settings.Settings;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/**
 * One server's worth of Parley, put together: the log, its writer and trimmer, the hub, the connections. It starts when
 * it is made and ends when it is closed.
 */
public final class Node implements AutoCloseable {
    private final NodeExecutors executors;
    private final LogCapacity capacity;
    private final LogClock clock;
    private final LogWriter writer;
    private final LogTrimmer trimmer;
    private final OutboxRelay relay;
    private final Hub hub;
    private final HubChannels channels;
    private final Connections connections;
    private final ChannelRevocations revocations;
    private final JdbcOutbox outbox;
    private final LogHealth health;
    private final boolean acceptNotDurable;
    private final DrainSequence sequence;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * What can be replaced.
     *
     * @param source the database; not closed with the node
     * @param shared whether other nodes may write to it, so that it must be looked at for their messages
     * @param filters in the order in which they are asked
     * @param time by which messages are stamped and their age is judged; empty: the database's
     */
    public record Parts(
            DataSource source,
            boolean shared,
            NodeExecutors executors,
            Identities identities,
            ChannelPolicy policy,
            List<PublishFilter> filters,
            Optional<InstantSource> time) {
        public Parts {
            filters = List.copyOf(filters);
        }

        /** By the database's time. */
        public Parts(
                DataSource source,
                boolean shared,
                NodeExecutors executors,
                Identities identities,
                ChannelPolicy policy,
                List<PublishFilter> filters) {
            this(source, shared, executors, identities, policy, filters, Optional.empty());
        }
    }

    public Node(Settings settings, Parts parts) {
        executors = parts.executors();
        if (parts.shared()) {
            StartWait.await(parts.source(), settings.log().startWait(), reason -> {});
        }
        JdbcSchema.prepare(parts.source(), mode(settings.log().schema()));
        Durability durability =
                new Durability(parts.source(), survives(settings.log().survives()));
        List<String> shortcomings = durability.shortcomings();
        acceptNotDurable = settings.log().acceptNotDurable();
        capacity = new LogCapacity(settings.log().space());
        JdbcLog log = log(settings, parts, capacity);
        clock = log.clock();
        hub = new Hub(
                log,
                namespace -> channelSettings(settings.channels().of(namespace)),
                settings.memory(),
                new HubExecutors(
                        executors.reads(), executors.delivery(), executors.foreign(), executors.timer(), clock));
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
                log, settings.retentions(), executors.chores(), settings.log().trimInterval(), writer.trouble());
        PublishRules rules = new PublishRules(settings.limits().messageSize(), parts.filters());
        channels = new HubChannels(hub, log, writer::publish, parts.policy(), rules);
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
                settings.log().outboxInterval(),
                writer.trouble());
        outbox = log.outbox();
        sequence = new DrainSequence(connections, settings.drain());
        revocations = new ChannelRevocations(connections, executors.timer());
        health = LogHealth.start(
                questions(log, durability),
                writer.trouble(),
                executors.timer(),
                executors.waiting().probing(),
                shortcomings);
    }

    private LogHealth.Questions questions(JdbcLog log, Durability durability) {
        return new LogHealth.Questions() {
            @Override
            public WriterStatus writer() {
                return writer.status();
            }

            @Override
            public void write() {
                log.probe();
            }

            @Override
            public List<String> shortcomings() {
                return durability.shortcomings();
            }
        };
    }

    public ChannelRevocations revocations() {
        return revocations;
    }

    /** @param threads who has the transactions in which is published */
    Transactions transactions(ThreadTransactions threads) {
        return new DatabaseTransactions(channels, outbox, threads, relay::wake);
    }

    /** From now on tells it what happens on the channels. */
    void tell(ChannelObserver observer) {
        hub.observe(observer);
    }

    public HubChannels channels() {
        return channels;
    }

    public Connections connections() {
        return connections;
    }

    /** What the database does not promise, a sentence each; empty when all is well. */
    public List<String> shortcomings() {
        return health.shortcomings();
    }

    /** Whether clients may be sent here. */
    public List<Lifecycle.Check> checks() {
        List<String> shortcomings = shortcomings();
        return List.of(
                check("running", sequence.stage() != DrainSequence.Stage.SERVING, "The server is stopping."),
                check("durable", !shortcomings.isEmpty() && !acceptNotDurable, String.join(" ", shortcomings)),
                writing(),
                judging());
    }

    /** What a publish would find. */
    private Lifecycle.Check writing() {
        return health.unwritable()
                .or(capacity::full)
                .map(reason -> Lifecycle.Check.down("log", reason))
                .orElseGet(() -> Lifecycle.Check.up("log"));
    }

    /** Whether the age of what is kept is known. Where it is not, only another node could do better. */
    private Lifecycle.Check judging() {
        return clock.doubt()
                .map(doubt -> new Lifecycle.Check("clock", !doubt.foreign(), doubt.reason()))
                .orElseGet(() -> Lifecycle.Check.up("clock"));
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
        health.close();
        relay.close();
        writer.close();
        trimmer.close();
        revocations.close();
        hub.close();
        connections.close();
        executors.close();
    }

    private static JdbcLog log(Settings settings, Parts parts, LogCapacity capacity) {
        int inlineSize = settings.limits().inlineSize();
        JdbcLog log = parts.time()
                .map(time -> new JdbcLog(parts.source(), inlineSize, capacity, time))
                .orElseGet(() -> new JdbcLog(
                        parts.source(), inlineSize, capacity, settings.log().clock()));
        log.lookAtClock();
        return log;
    }

    private static GivenSecrets secrets(DataSource source) {
        return new GivenSecrets(JdbcSecrets.find(source, "connections", GivenSecrets::newKey));
    }

    private static JdbcSchema.Mode mode(LogSettings.Schema schema) {
        return JdbcSchema.Mode.valueOf(schema.name());
    }

    private static Durability.Survives survives(LogSettings.Survives survives) {
        return Durability.Survives.valueOf(survives.name());
    }

    private static ChannelSettings channelSettings(NamespaceSettings settings) {
        return new ChannelSettings(
                settings.historySize(), settings.historyAge(), settings.durable(), settings.presence());
    }
}
