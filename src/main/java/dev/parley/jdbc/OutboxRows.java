package dev.parley.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The rows of the outbox that an append comes from: they go in its transaction, so that each is appended once, whichever
 * nodes try it, and is there still if the append is not committed. They are taken before any channel's row and in one
 * order, so that two nodes that move the same rows wait for each other and never in a circle.
 */
final class OutboxRows {
    private OutboxRows() {}

    /** Whether some of these come from there. */
    static boolean are(List<StoredPublication> batch) {
        return batch.stream()
                .anyMatch(stored -> OutboxRow.of(stored.publication()).isPresent());
    }

    /** Returns the rows that were not there any more. */
    static Set<Long> take(Connection connection, List<StoredPublication> batch) throws SQLException {
        long[] rows = batch.stream()
                .flatMap(stored -> OutboxRow.of(stored.publication()).stream())
                .mapToLong(OutboxRow::id)
                .sorted()
                .toArray();
        return rows.length == 0 ? Set.of() : take(connection, rows);
    }

    private static Set<Long> take(Connection connection, long[] rows) throws SQLException {
        Set<Long> gone = new HashSet<>();
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM parley_outbox WHERE id = ?")) {
            for (long row : rows) {
                delete.setLong(1, row);
                delete.addBatch();
            }
            int[] deleted = delete.executeBatch();
            if (Arrays.stream(deleted).anyMatch(count -> count < 0)) {
                throw new SQLException("The driver does not say how many rows a batch has changed");
            }
            for (int i = 0; i < rows.length; i++) {
                if (deleted[i] == 0) {
                    gone.add(rows[i]);
                }
            }
        }
        return gone;
    }
}
