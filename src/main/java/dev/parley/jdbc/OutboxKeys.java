package dev.parley.jdbc;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What the key of a message stands for, as far as the transaction sees that is about to put it into the outbox: among what it
 * has put there itself, what others have and was not moved yet, and what is in the log. It reads, and locks nothing.
 *
 * <p>The hard case: of two transactions that use a key at once neither sees the other. Then the log decides when they are
 * moved, and of two contents the second is not taken.
 */
final class OutboxKeys {
    private final Connection connection;
    private final StoredPublication stored;

    OutboxKeys(Connection connection, StoredPublication stored) {
        this.connection = connection;
        this.stored = stored;
    }

    /**
     * Whether this message need not be put there, since it is there.
     *
     * @throws RefusedException {@code key-reused}, when the key stands for another one
     */
    boolean isStored() throws SQLException {
        Optional<String> key = stored.publication().key();
        if (key.isEmpty()) {
            return false;
        }
        Optional<Boolean> same = sameWaiting(key.get());
        if (same.isEmpty()) {
            same = sameInLog(key.get());
        }
        if (same.isPresent() && !same.get()) {
            throw new RefusedException(ErrorCode.KEY_REUSED);
        }
        return same.isPresent();
    }

    private Optional<Boolean> sameWaiting(String key) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT id, media_type, size FROM parley_outbox"
                + " WHERE channel = ? AND message_key = ? AND user_id = ? ORDER BY id LIMIT 1")) {
            select.setString(1, stored.publication().channel());
            select.setString(2, key);
            select.setString(3, stored.publication().from().user());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(isSame(row)) : Optional.empty();
            }
        }
    }

    private boolean isSame(ResultSet row) throws SQLException {
        return row.getLong(3) == stored.data().length
                && Objects.equals(row.getString(2), stored.type())
                && Arrays.equals(JdbcOutbox.data(connection, row.getLong(1)), stored.data());
    }

    private Optional<Boolean> sameInLog(String key) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT id, COALESCE(root, epoch) FROM parley_channel WHERE name = ?")) {
            select.setString(1, stored.publication().channel());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? sameOf(stored.keyId(row.getLong(1), row.getString(2), key)) : Optional.empty();
            }
        }
    }

    private Optional<Boolean> sameOf(UUID keyId) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT digest FROM parley_key WHERE key_id = ?")) {
            select.setObject(1, keyId);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(stored.digest().equals(row.getObject(1, UUID.class)))
                        : Optional.empty();
            }
        }
    }
}
