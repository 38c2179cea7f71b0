package dev.parley.jdbc;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.jspecify.annotations.Nullable;

/**
 * What is behind a connection to an H2 in this process, for the two things that SQL cannot say: end a session whose
 * store is gone, and have the file compacted.
 *
 * <p>Why a session must be ended past SQL: when H2 2.4 has closed its store after an I/O error, a {@code ROLLBACK} fails
 * and leaves a counter at -1, and whatever statement comes next on that session, be it the {@code ROLLBACK} of a pool,
 * spins for ever in {@code MVStore.registerVersionUsage}.
 *
 * <p>No H2 type stands in a signature or a field, so that an application server without H2 can load the class.
 */
final class H2Session {
    private static final Logger LOGGER = System.getLogger(H2Session.class.getName());

    /** A {@link SessionLocal}; null where H2 runs elsewhere, or where its classes are another class loader's. */
    private final @Nullable Object session;

    private H2Session(@Nullable Object session) {
        this.session = session;
    }

    static H2Session of(Connection connection) {
        try {
            return new H2Session(find(connection));
        } catch (SQLException | RuntimeException | LinkageError e) {
            // Payara's pool throws an IllegalArgumentException where what is asked for is no interface
            LOGGER.log(Level.DEBUG, "H2's session cannot be reached", e);
            return new H2Session(null);
        }
    }

    /**
     * Rolls back without a statement, or ends the session where that is not possible.
     *
     * @param gone whether it is known that H2 has closed its store
     * @return whether it was rolled back, so that the connection is still of use
     */
    boolean rollBack(Connection connection, boolean gone) {
        try {
            if (session instanceof SessionLocal local) {
                if (gone) {
                    local.close();
                } else {
                    local.rollback();
                }
            } else if (!gone) {
                connection.rollback();
            }
            return !gone;
        } catch (SQLException | RuntimeException e) {
            LOGGER.log(Level.DEBUG, "H2 cannot roll back; it does so when the file is next opened", e);
            return !gone && rollBack(connection, true);
        }
    }

    /** Its file, for who looks after it; empty where H2 runs elsewhere, is older than 2.4, or its file is closed. */
    Optional<H2Chunks> chunks() {
        try {
            return session instanceof SessionLocal local ? H2Chunks.of(local) : Optional.empty();
        } catch (LinkageError e) {
            LOGGER.log(Level.DEBUG, "An H2 whose file is another kind of thing", e);
            return Optional.empty();
        }
    }

    private static @Nullable Object find(Connection connection) throws SQLException {
        return connection.isWrapperFor(JdbcConnection.class)
                        && connection.unwrap(JdbcConnection.class).getSession() instanceof SessionLocal local
                ? local
                : null;
    }
}
