package dev.parley.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;

/** Inserts what another node may just be inserting too: who comes second has a conflict, and begins its work anew. */
final class ContestedInsert {
    private ContestedInsert() {}

    static void run(PreparedStatement insert) throws SQLException {
        try {
            insert.executeUpdate();
        } catch (SQLException e) {
            throw conflict(e);
        }
    }

    static void runBatch(PreparedStatement insert) throws SQLException {
        try {
            insert.executeBatch();
        } catch (SQLException e) {
            throw conflict(e);
        }
    }

    private static SQLException conflict(SQLException e) {
        return JdbcFailures.isDuplicate(e)
                ? new SQLTransactionRollbackException("Another node was first", "40001", e)
                : e;
    }
}
