package dev.parley.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/**
 * How long PostgreSQL lets one transaction wait, and be waited for. Said in the transaction itself (as by {@code SET LOCAL}):
 * what a session is told a pooler drops, or hands to somebody else.
 *
 * <p>The hard case: a node is stopped (a frozen virtual machine, {@code SIGSTOP}) in the middle of an append. Its
 * connection lives, so PostgreSQL keeps its transaction, and the channels' rows locked, for as long as it is stopped;
 * with these it ends the session after {@code idle}, and who waits meanwhile gives up after {@code lock}.
 *
 * @param lock how long a statement waits for a lock; SQLSTATE 55P03 then
 * @param idle how long it may be silent between two statements; PostgreSQL ends the session then
 * @param statement how long one statement may take; SQLSTATE 57014 then
 */
record TransactionLimits(Duration lock, Duration idle, Duration statement) {
    private static final Duration IDLE = Duration.ofSeconds(4);
    private static final Duration STATEMENT = Duration.ofSeconds(15);

    /** For what may wait its turn: trimming, what the outbox discards. */
    static final TransactionLimits CHORE = new TransactionLimits(Duration.ofSeconds(5), IDLE, STATEMENT);

    /** Before an append concludes that a channel is held: live nodes hold one for a commit, some milliseconds. */
    static final TransactionLimits APPEND = CHORE.waiting(Duration.ofSeconds(1));

    /** Where something of the batch is known to be held, and the rest must not wait for it. */
    static final TransactionLimits BESIDE_HELD = CHORE.waiting(Duration.ofMillis(50));

    private TransactionLimits waiting(Duration forLock) {
        return new TransactionLimits(forLock, idle, statement);
    }

    /** A round trip of its own, together with the begin of the transaction. */
    void set(Connection connection) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement(sql())) {
            set.execute();
        }
    }

    /** As a query of one row, since PostgreSQL prepares no {@code SET} and would parse the three each time. */
    String sql() {
        return "SELECT set_config('lock_timeout', '" + lock.toMillis()
                + "', true), set_config('idle_in_transaction_session_timeout', '" + idle.toMillis()
                + "', true), set_config('statement_timeout', '" + statement.toMillis() + "', true)";
    }
}
