package dev.parley.jdbc;

import dev.parley.log.Outcome;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One append, in one transaction of one connection; used once.
 *
 * <p>The heads are raised first, in the order of the channels' names: that locks the rows in one order on every node,
 * and nothing that was known before the lock is used. Where keys turn out to be repeated, a head is lowered again
 * before the commit, so that offsets stay contiguous.
 *
 * <p>A channel that two nodes create at once makes one of them fail with a conflict, and begin anew: to go on and lock
 * the other's row now would be out of order.
 */
final class JdbcAppend {
    private static final Optional<Outcome> MOVED =
            Optional.of(new Outcome.Refused(ErrorCode.NOT_FOUND, "Another node has moved it to the log."));

    /** A channel whose row this transaction holds. */
    private static final class Claim {
        final long id;
        final String epoch;
        final long claimed;
        long last;

        Claim(long id, String epoch, long claimed, int count) {
            this.id = id;
            this.epoch = epoch;
            this.claimed = claimed;
            this.last = claimed - count;
        }

        Position next() {
            last++;
            return new Position(epoch, last);
        }
    }

    /** What a key stands for: kept since an earlier batch, or new with this one. */
    private record Kept(long offset, UUID digest) {}

    private record NewKey(UUID id, Kept kept, Instant at) {}

    private final Connection connection;
    private final List<StoredPublication> batch;
    private final TreeMap<String, Integer> counts = new TreeMap<>();
    private final Map<String, Claim> claims = new HashMap<>();
    private final Map<UUID, Kept> keys = new HashMap<>();
    private final List<NewKey> newKeys = new ArrayList<>();
    private Set<Long> moved = Set.of();

    JdbcAppend(Connection connection, List<StoredPublication> batch) {
        this.connection = connection;
        this.batch = batch;
    }

    List<Outcome> run() throws SQLException {
        moved = OutboxRows.take(connection, batch);
        for (StoredPublication stored : batch) {
            if (refused(stored).isEmpty()) {
                counts.merge(stored.publication().channel(), 1, Integer::sum);
            }
        }
        if (!counts.isEmpty()) {
            createMissing(raiseHeads());
            readClaims();
            readKeys();
        }
        List<Outcome> outcomes = giveOffsets();
        new JdbcInserts(connection).insert(batch, outcomes, channel -> claim(channel).id);
        insertKeys();
        lowerHeads();
        return outcomes;
    }

    /** The ids of the channels that were appended to. */
    List<Long> channelIds() {
        return claims.values().stream().map(claim -> claim.id).toList();
    }

    private Optional<Outcome> refused(StoredPublication stored) {
        Optional<OutboxRow> row = OutboxRow.of(stored.publication());
        return row.isPresent() && moved.contains(row.get().id()) ? MOVED : stored.refused();
    }

    /** Returns the channels that have no row yet. */
    private List<String> raiseHeads() throws SQLException {
        List<String> names = List.copyOf(counts.keySet());
        List<String> missing = new ArrayList<>();
        try (PreparedStatement raise =
                connection.prepareStatement("UPDATE parley_channel SET head = head + ? WHERE name = ?")) {
            for (Map.Entry<String, Integer> count : counts.entrySet()) {
                raise.setLong(1, count.getValue());
                raise.setString(2, count.getKey());
                raise.addBatch();
            }
            int[] updated = raise.executeBatch();
            for (int i = 0; i < updated.length; i++) {
                if (updated[i] == 0) {
                    missing.add(names.get(i));
                } else if (updated[i] == Statement.SUCCESS_NO_INFO) {
                    throw new SQLException("The driver does not say how many rows a batch has changed");
                }
            }
        }
        return missing;
    }

    private void createMissing(List<String> names) throws SQLException {
        if (names.isEmpty()) {
            return;
        }
        try (PreparedStatement create =
                connection.prepareStatement("INSERT INTO parley_channel (name, epoch, head) VALUES (?, ?, ?)")) {
            for (String name : names) {
                create.setString(1, name);
                create.setString(2, Position.newEpoch());
                create.setLong(3, counts.getOrDefault(name, 0));
                create.addBatch();
            }
            create.executeBatch();
        } catch (SQLException e) {
            if (JdbcFailures.isDuplicate(e)) {
                throw new SQLTransactionRollbackException("Another node has just created the channel", "40001", e);
            }
            throw e;
        }
    }

    private void readClaims() throws SQLException {
        Array names = connection.createArrayOf("varchar", counts.keySet().toArray());
        try (PreparedStatement select =
                connection.prepareStatement("SELECT id, name, epoch, head FROM parley_channel WHERE name = ANY(?)")) {
            select.setArray(1, names);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    String name = rows.getString(2);
                    int count = counts.getOrDefault(name, 0);
                    claims.put(name, new Claim(rows.getLong(1), rows.getString(3), rows.getLong(4), count));
                }
            }
        }
    }

    private void readKeys() throws SQLException {
        List<UUID> ids = batch.stream()
                .filter(stored ->
                        refused(stored).isEmpty() && stored.publication().key().isPresent())
                .map(this::keyId)
                .toList();
        if (ids.isEmpty()) {
            return;
        }
        Array array = connection.createArrayOf("uuid", ids.toArray());
        try (PreparedStatement select =
                connection.prepareStatement("SELECT key_id, pos, digest FROM parley_key WHERE key_id = ANY(?)")) {
            select.setArray(1, array);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    keys.put(rows.getObject(1, UUID.class), new Kept(rows.getLong(2), rows.getObject(3, UUID.class)));
                }
            }
        }
    }

    private List<Outcome> giveOffsets() {
        List<Outcome> outcomes = new ArrayList<>(batch.size());
        for (StoredPublication stored : batch) {
            outcomes.add(refused(stored).orElseGet(() -> giveOffset(stored)));
        }
        return outcomes;
    }

    private Outcome giveOffset(StoredPublication stored) {
        Claim claim = claim(stored.publication().channel());
        if (stored.publication().key().isEmpty()) {
            return new Outcome.Appended(claim.next());
        }
        UUID keyId = keyId(stored);
        UUID digest = stored.digest();
        Kept kept = keys.get(keyId);
        if (kept == null) {
            Position position = claim.next();
            NewKey key = new NewKey(
                    keyId,
                    new Kept(position.offset(), digest),
                    stored.publication().at());
            keys.put(keyId, key.kept());
            newKeys.add(key);
            return new Outcome.Appended(position);
        }
        return kept.digest().equals(digest)
                ? new Outcome.Repeated(new Position(claim.epoch, kept.offset()))
                : new Outcome.Refused(ErrorCode.KEY_REUSED);
    }

    private void insertKeys() throws SQLException {
        if (newKeys.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO parley_key (key_id, pos, digest, published_at) VALUES (?, ?, ?, ?)")) {
            for (NewKey key : newKeys) {
                insert.setObject(1, key.id());
                insert.setLong(2, key.kept().offset());
                insert.setObject(3, key.kept().digest());
                insert.setLong(4, key.at().toEpochMilli());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private void lowerHeads() throws SQLException {
        for (Claim claim : claims.values()) {
            if (claim.last < claim.claimed) {
                try (PreparedStatement lower =
                        connection.prepareStatement("UPDATE parley_channel SET head = ? WHERE id = ?")) {
                    lower.setLong(1, claim.last);
                    lower.setLong(2, claim.id);
                    lower.executeUpdate();
                }
            }
        }
    }

    private UUID keyId(StoredPublication stored) {
        Claim claim = claim(stored.publication().channel());
        return stored.keyId(claim.id, claim.epoch, stored.publication().key().orElseThrow());
    }

    private Claim claim(String channel) {
        Claim claim = claims.get(channel);
        if (claim == null) {
            throw new IllegalStateException("The row of " + channel + " is gone although it is locked");
        }
        return claim;
    }
}
