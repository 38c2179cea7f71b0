package dev.parley.jdbc;

import dev.parley.log.ClockLimits;
import dev.parley.log.ContentPiece;
import dev.parley.log.Head;
import dev.parley.log.Log;
import dev.parley.log.LogCapacity;
import dev.parley.log.LogClock;
import dev.parley.log.LogException;
import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import dev.parley.log.RetentionPolicies;
import dev.parley.log.Slice;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Logs in the tables of a relational database, by the same SQL on H2 and PostgreSQL. {@link JdbcSchema} makes the
 * tables, {@link Durability} says what the database does not promise.
 *
 * <p>Lives as long as its data source, which it does not close. Any thread may call it, any number of nodes may share
 * the database; it keeps nothing of the logs in memory, so a database that was stopped, restored or opened anew is
 * served as it now is. It needs a data source that gives a new connection where an old one broke, and that gives up
 * waiting for one after a few seconds.
 *
 * <p>The hard case: two nodes append to the channels a and b at once. Both raise a's head before b's, so the second
 * waits at a's row until the first has committed, and gives the offsets that follow. If neither channel exists, one of
 * the two transactions fails on the unique name, and begins anew.
 *
 * <p>On H2 a thread inside this class must not be interrupted: H2's file channel would be closed under it, and with it
 * the database; and a commit that is waiting for its write returns at once ({@code FileStore.submitOrRun}).
 */
public final class JdbcLog implements Log {
    private static final Logger LOGGER = System.getLogger(JdbcLog.class.getName());
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int ATTEMPTS = 20;
    private static final int READ_ATTEMPTS = 100;
    private static final int NO_BINARY = -1;

    private final JdbcConnections connections;
    private final int inlineSize;
    private final LogCapacity capacity;
    private final JdbcClock clock;
    private final JdbcTrim trim;
    private final JdbcOutbox outbox;
    private final JdbcSpace space;
    private final DatabaseLife life = new DatabaseLife();
    private final WriteProbe probe;
    private final HeldChannels held = new HeldChannels();
    private final H2Maintenance maintenance = new H2Maintenance();

    /** Grows as it likes; waits 20 seconds at most for an answer of the database. */
    public JdbcLog(DataSource source, int inlineSize) {
        this(source, inlineSize, LogCapacity.unlimited(), ClockLimits.DEFAULT);
    }

    /**
     * Waits 20 seconds at most for an answer of the database.
     *
     * @param limits beyond which no age is judged by the clock
     */
    public JdbcLog(DataSource source, int inlineSize, LogCapacity capacity, ClockLimits limits) {
        this(source, inlineSize, capacity, TIMEOUT, new JdbcClock(limits));
    }

    /** The same where somebody sets the time. */
    public JdbcLog(DataSource source, int inlineSize, LogCapacity capacity, InstantSource time) {
        this(source, inlineSize, capacity, TIMEOUT, JdbcClock.given(time));
    }

    /**
     * @param inlineSize bodies of more bytes are read as {@link Body.Reference}
     * @param capacity is told how large the log is, and says whether it may grow
     * @param timeout how long a statement may be without an answer before the connection counts as broken
     * @param clock tells the age of messages and keys
     */
    JdbcLog(DataSource source, int inlineSize, LogCapacity capacity, Duration timeout, JdbcClock clock) {
        this.connections = new JdbcConnections(source, timeout);
        this.inlineSize = inlineSize;
        this.capacity = capacity;
        this.clock = clock;
        this.trim = new JdbcTrim(clock);
        this.outbox = new JdbcOutbox(connections, capacity, clock);
        this.space = new JdbcSpace(capacity);
        this.probe = new WriteProbe(connections, this::life);
    }

    /**
     * By which messages are to be stamped. It is the database's, or compared with it, from the first {@link #lookAtClock}
     * or {@link #trim} on.
     */
    public LogClock clock() {
        return clock;
    }

    /** @throws LogException when the database cannot be asked */
    public void lookAtClock() {
        boolean unused = connections.transaction(connection -> {
            clock.look(connection);
            return true;
        });
    }

    /** Where what is published in other transactions waits to be appended. */
    public JdbcOutbox outbox() {
        return outbox;
    }

    /**
     * Finds what an append would find, and leaves nothing.
     *
     * @throws LogException when an append would fail now
     */
    public void probe() {
        probe.run();
        maintenance.written();
    }

    /** Where the log is full, each is refused with {@code log-full}. */
    @Override
    public List<Outcome> append(List<Publication> batch) {
        List<StoredPublication> stored = batch.stream().map(this::stored).toList();
        List<Outcome> refused =
                stored.stream().flatMap(one -> one.refused().stream()).toList();
        if (refused.size() == stored.size()) {
            return refused;
        }
        return held.append(stored, this::appendAnew);
    }

    private List<Outcome> appendAnew(HeldChannels.Turn turn, List<StoredPublication> stored) {
        boolean forgotten = false;
        for (int attempt = 1; ; attempt++) {
            try {
                return appendOnce(turn, stored);
            } catch (LogException e) {
                boolean again = !forgotten && life.isForgotten(e.getCause());
                forgotten |= again;
                if (attempt == ATTEMPTS || (!again && !JdbcFailures.isConflict(e.getCause()))) {
                    throw e;
                }
                LOGGER.log(Level.DEBUG, "Another transaction stood in the way; appending anew", e);
            }
        }
    }

    @Override
    public Slice read(String channel, long after, int count, long bytes) {
        return slice(inlineSize, reads -> reads.read(channel, after, new JdbcRuns.Bounds(count, bytes)));
    }

    @Override
    public Slice readBefore(String channel, long before, int count, long bytes) {
        return slice(NO_BINARY, reads -> reads.readBefore(channel, before, new JdbcRuns.Bounds(count, bytes)));
    }

    @Override
    public Map<String, Head> heads(Collection<String> channels) {
        return connections.read(connection -> new JdbcHeads(connection).heads(channels));
    }

    @Override
    public Optional<ContentPiece> content(String channel, Position position, long from, int most) {
        return connections.read(connection -> new JdbcContent(connection).read(channel, position, from, most));
    }

    /** Also measures what the log holds and, on H2, looks after its file; each at most once a second. */
    @Override
    public boolean trim(RetentionPolicies retentions) {
        if (maintenance.isDue()) {
            connections.alone(maintenance::run);
        }
        boolean more = trimOnce(connection -> {
            clock.look(connection); // the keys go by it too
            return trim.step(connection, retentions);
        });
        more |= trimOnce(connection -> trim.trimKeys(connection, retentions));
        if (space.isDue()) {
            capacity.measured(connections.estimate(space::measure));
        }
        return more;
    }

    private boolean trimOnce(JdbcConnections.Work<Boolean> step) {
        try {
            return connections.transaction(step);
        } catch (LogException e) {
            if (!JdbcFailures.isConflict(e.getCause())) {
                throw e;
            }
            LOGGER.log(Level.DEBUG, "Another node trims the same; trimming anew", e);
            return true;
        }
    }

    private interface SliceReading {
        Optional<Slice> with(JdbcReads reads) throws SQLException;
    }

    private Slice slice(int inlineBinary, SliceReading reading) {
        return connections.read(connection -> {
            JdbcReads reads = new JdbcReads(connection, inlineSize, inlineBinary);
            for (int attempt = 1; attempt <= READ_ATTEMPTS; attempt++) {
                Optional<Slice> slice = reading.with(reads);
                if (slice.isPresent()) {
                    return slice.get();
                }
            }
            throw new SQLException("The log is trimmed faster than it can be read");
        });
    }

    private StoredPublication stored(Publication publication) {
        StoredPublication stored = StoredPublication.of(publication);
        return capacity.refusal(publication)
                .map(reason -> stored.refused(ErrorCode.LOG_FULL, reason))
                .orElse(stored);
    }

    private DatabaseLife.Columns life() {
        return life.known().orElseGet(() -> connections.read(life::find));
    }

    private List<Outcome> appendOnce(HeldChannels.Turn turn, List<StoredPublication> stored) {
        DatabaseLife.Columns present = life();
        // Where the channels' rows are what it locks first, that is said with it: one round trip less
        boolean together = turn == HeldChannels.Turn.ALL && !OutboxRows.are(stored);
        Optional<TransactionLimits> limits = together ? Optional.of(turn.limits()) : Optional.empty();
        JdbcConnections.Work<List<Outcome>> work = connection -> held.take(turn, connection, stored, taken -> {
            JdbcAppend append = new JdbcAppend(connection, present, limits, taken);
            List<Outcome> given = append.run();
            trim.appendedTo(append.channelIds());
            maintenance.written();
            return given;
        });
        List<Outcome> outcomes =
                together ? connections.transactionThatLimitsItself(work) : connections.transaction(turn.limits(), work);
        for (int i = 0; i < stored.size(); i++) {
            if (outcomes.get(i) instanceof Outcome.Appended) {
                capacity.add(stored.get(i).data().length);
            }
        }
        return outcomes;
    }
}
