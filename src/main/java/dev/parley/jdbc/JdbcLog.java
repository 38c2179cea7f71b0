package dev.parley.jdbc;

import dev.parley.log.ContentPiece;
import dev.parley.log.Head;
import dev.parley.log.Log;
import dev.parley.log.LogCapacity;
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
import java.time.Clock;
import java.time.Duration;
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
    private static final int NO_BINARY = -1;

    private final JdbcConnections connections;
    private final int inlineSize;
    private final LogCapacity capacity;
    private final JdbcTrim trim;
    private final JdbcOutbox outbox;
    private final JdbcSpace space;
    private final H2Maintenance maintenance = new H2Maintenance();

    /** Grows as it likes; waits 20 seconds at most for an answer of the database. */
    public JdbcLog(DataSource source, int inlineSize) {
        this(source, inlineSize, LogCapacity.unlimited());
    }

    /** Waits 20 seconds at most for an answer of the database. */
    public JdbcLog(DataSource source, int inlineSize, LogCapacity capacity) {
        this(source, inlineSize, capacity, TIMEOUT, Clock.systemUTC());
    }

    /**
     * @param inlineSize bodies of more bytes are read as {@link Body.Reference}
     * @param capacity is told how large the log is, and says whether it may grow
     * @param timeout how long a statement may be without an answer before the connection counts as broken
     * @param clock tells the age of messages and keys
     */
    public JdbcLog(DataSource source, int inlineSize, LogCapacity capacity, Duration timeout, Clock clock) {
        this.connections = new JdbcConnections(source, timeout);
        this.inlineSize = inlineSize;
        this.capacity = capacity;
        this.trim = new JdbcTrim(clock);
        this.outbox = new JdbcOutbox(connections, capacity, clock);
        this.space = new JdbcSpace(capacity);
    }

    /** Where what is published in other transactions waits to be appended. */
    public JdbcOutbox outbox() {
        return outbox;
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
        for (int attempt = 1; ; attempt++) {
            try {
                return appendOnce(stored);
            } catch (LogException e) {
                if (attempt == ATTEMPTS || !JdbcFailures.isConflict(e.getCause())) {
                    throw e;
                }
                LOGGER.log(Level.DEBUG, "Another transaction stood in the way; appending anew", e);
            }
        }
    }

    @Override
    public Slice read(String channel, long after, int count, long bytes) {
        return slice(inlineSize, reads -> reads.read(channel, after, count, bytes));
    }

    @Override
    public Slice readBefore(String channel, long before, int count, long bytes) {
        return slice(NO_BINARY, reads -> reads.readBefore(channel, before, count, bytes));
    }

    @Override
    public Map<String, Head> heads(Collection<String> channels) {
        return connections.read(connection -> new JdbcReads(connection, inlineSize, inlineSize).heads(channels));
    }

    @Override
    public Optional<ContentPiece> content(String channel, Position position, long from, int most) {
        return connections.read(connection -> new JdbcContent(connection).read(channel, position, from, most));
    }

    /** Also measures what the log holds and, on H2, looks after its file; each at most once a second. */
    @Override
    public boolean trim(RetentionPolicies retentions) {
        boolean more = connections.transaction(connection -> trim.step(connection, retentions));
        if (space.isDue()) {
            capacity.measured(connections.read(space::measure));
        }
        if (maintenance.isDue()) {
            connections.alone(maintenance::run);
        }
        return more;
    }

    private interface SliceReading {
        Optional<Slice> with(JdbcReads reads) throws SQLException;
    }

    private Slice slice(int inlineBinary, SliceReading reading) {
        return connections.read(connection -> {
            JdbcReads reads = new JdbcReads(connection, inlineSize, inlineBinary);
            while (true) {
                Optional<Slice> slice = reading.with(reads);
                if (slice.isPresent()) {
                    return slice.get();
                }
            }
        });
    }

    private StoredPublication stored(Publication publication) {
        StoredPublication stored = StoredPublication.of(publication);
        return capacity.refusal(publication)
                .map(reason -> stored.refused(ErrorCode.LOG_FULL, reason))
                .orElse(stored);
    }

    private List<Outcome> appendOnce(List<StoredPublication> stored) {
        List<Outcome> outcomes = connections.transaction(connection -> {
            JdbcAppend append = new JdbcAppend(connection, stored);
            List<Outcome> given = append.run();
            trim.appendedTo(append.channelIds());
            maintenance.written();
            return given;
        });
        for (int i = 0; i < stored.size(); i++) {
            if (outcomes.get(i) instanceof Outcome.Appended) {
                capacity.add(stored.get(i).data().length);
            }
        }
        return outcomes;
    }
}
