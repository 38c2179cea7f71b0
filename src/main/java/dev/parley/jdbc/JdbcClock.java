package dev.parley.jdbc;

import dev.parley.log.ClockLimits;
import dev.parley.log.LogClock;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time of a log in a database: PostgreSQL's own, of which all its nodes take theirs; with H2, which runs in this
 * process, this machine's. It is looked at with every step of trimming, and goes on by the monotonic clock between.
 *
 * <ul>
 *   <li>PostgreSQL: a node whose machine's clock differs from the database's by more than the limit does not know which of
 *       them is wrong. It takes the database's, and judges no age until they agree.
 *   <li>H2: a clock that is set while the server runs, seen by the monotonic one, is not followed until it is back or the
 *       server is started anew. At the start it is compared with {@link LastTime}: when H2 was last in use.
 * </ul>
 */
final class JdbcClock implements LogClock {
    private static final Logger LOGGER = System.getLogger(JdbcClock.class.getName());
    private static final long NANOS = 1_000_000;

    /** A difference so small is the way to the database, or a machine whose clock is kept right. */
    private static final long TOLERANCE = 20;

    private static final Duration NOTED_EVERY = Duration.ofHours(1);

    private final boolean given;
    private final ClockLimits limits;
    private final InstantSource machine;
    private final LongSupplier nanos;

    private volatile @Nullable Anchor anchor;
    private volatile Optional<Doubt> doubt = Optional.empty();

    // Of H2, guarded by this.
    private boolean started;
    private OptionalLong lastTime = OptionalLong.empty();

    /** What the time was when the monotonic clock stood there. */
    private record Anchor(long millis, long nanos) {
        long at(long now) {
            return millis + Math.floorDiv(now - nanos, NANOS);
        }
    }

    JdbcClock(ClockLimits limits) {
        this(false, limits, InstantSource.system(), System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime} */
    JdbcClock(ClockLimits limits, InstantSource machine, LongSupplier nanos) {
        this(false, limits, machine, nanos);
    }

    private JdbcClock(boolean given, ClockLimits limits, InstantSource machine, LongSupplier nanos) {
        this.given = given;
        this.limits = limits;
        this.machine = machine;
        this.nanos = nanos;
    }

    /** Of who sets the time: always right, and compared with nothing. */
    static JdbcClock given(InstantSource source) {
        return new JdbcClock(true, ClockLimits.DEFAULT, source, System::nanoTime);
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public long millis() {
        Anchor from = anchor;
        return from == null ? machine.millis() : from.at(nanos.getAsLong());
    }

    @Override
    public Optional<Doubt> doubt() {
        return doubt;
    }

    /** Compares the clocks; in a transaction, in which it may note the time. */
    synchronized void look(Connection connection) throws SQLException {
        if (given) {
            return;
        }
        if (JdbcConnections.isH2(connection)) {
            lookAtMachine(connection);
        } else {
            lookAtDatabase(connection);
        }
    }

    private void lookAtDatabase(Connection connection) throws SQLException {
        long before = millis();
        long machineBefore = machine.millis();
        long database = databaseTime(connection);
        long apart = apart(machineBefore, database, machine.millis());
        boolean agree = apart <= limits.skew().toMillis();
        judge(
                agree
                        ? Optional.empty()
                        : Optional.of(new Doubt(
                                "This machine's clock differs from the database's by " + apart / 1_000
                                        + " s (parley.log.clock-skew).",
                                true)));
        if (anchor == null || (agree && apart(before, database, millis()) > TOLERANCE)) {
            anchor = new Anchor(database, nanos.getAsLong());
        }
    }

    private static long databaseTime(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** By how much a time lies outside of two others. */
    private static long apart(long from, long time, long to) {
        return Math.max(0, Math.max(from - time, time - to));
    }

    private void lookAtMachine(Connection connection) throws SQLException {
        long now = machine.millis();
        if (!started) {
            start(connection, now);
        } else {
            long apart = Math.abs(now - millis());
            boolean set = apart > limits.skew().toMillis();
            judge(
                    set
                            ? Optional.of(new Doubt(
                                    "This machine's clock was set by " + apart / 1_000
                                            + " s while the server ran (parley.log.clock-skew); until it is back, or"
                                            + " the server is started anew, the time goes on as before.",
                                    false))
                            : Optional.empty());
            if (!set && apart > TOLERANCE) {
                anchor = new Anchor(now, nanos.getAsLong());
            }
        }
        if (doubt.isEmpty()
                && (lastTime.isEmpty() || Math.abs(millis() - lastTime.getAsLong()) >= NOTED_EVERY.toMillis())) {
            lastTime = OptionalLong.of(millis());
            LastTime.note(connection, millis());
        }
    }

    /** Again and again, until the clock is near enough to when H2 was last in use. */
    private void start(Connection connection, long now) throws SQLException {
        if (lastTime.isEmpty()) {
            lastTime = LastTime.find(connection);
        }
        long gap = lastTime.isPresent() ? now - lastTime.getAsLong() : 0;
        anchor = new Anchor(now, nanos.getAsLong());
        started = Math.abs(gap) <= limits.gap().toMillis();
        judge(
                started
                        ? Optional.empty()
                        : Optional.of(new Doubt(
                                "This machine's clock stands "
                                        + Duration.ofMillis(Math.abs(gap)).toHours() + " h "
                                        + (gap > 0 ? "after" : "before")
                                        + " the time when the database was last in use (parley.log.clock-gap). If it is"
                                        + " right, start once with a larger one.",
                                false)));
    }

    /** Says so once when the clock is in doubt and once when it is not any more. */
    private void judge(Optional<Doubt> found) {
        if (found.isPresent() && doubt.isEmpty()) {
            LOGGER.log(
                    Level.WARNING,
                    "{0} Nothing is removed for its age meanwhile.",
                    found.get().reason());
        } else if (found.isEmpty() && doubt.isPresent()) {
            LOGGER.log(Level.INFO, "The clock is right again");
        }
        doubt = found;
    }
}
