package dev.parley.jdbc;

import dev.parley.log.Outcome;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
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
import org.jspecify.annotations.Nullable;

/**
 * One append, in one transaction of one connection; used once.
 *
 * <p>The heads are raised first, in the order of the channels' names: that locks the rows in one order on every node,
 * and nothing that was known before the lock is used. Where keys turn out to be repeated, a head is lowered again
 * before the commit, so that offsets stay contiguous.
 *
 * <p>In another life of the database than the last append's, a channel's messages are of a new epoch, which begins under
 * the lock of its row, with the first that is really given.
 *
 * <p>A channel that two nodes create at once makes one of them fail with a conflict, and begin anew: to go on and lock
 * the other's row now would be out of order.
 */
final class JdbcAppend {
    private static final String RAISE = "UPDATE parley_channel SET head = head + ?, bytes = bytes + ? WHERE name = ?";

    private static final String CLAIMED =
            "id, name, epoch, head, bytes, COALESCE(root, epoch), life, COALESCE(branched, -1)";

    private static final Optional<Outcome> MOVED =
            Optional.of(new Outcome.Refused(ErrorCode.NOT_FOUND, "Another node has moved it to the log."));

    /** What is to be appended to a channel, at most: keys may turn out to be repeated. */
    private record Amount(int messages, long bytes) {
        static final Amount NONE = new Amount(0, 0);

        Amount plus(Amount other) {
            return new Amount(messages + other.messages, bytes + other.bytes);
        }
    }

    /** What a key stands for: kept since an earlier batch, or new with this one; null where an earlier version wrote it. */
    private record Kept(@Nullable String epoch, long offset, UUID digest) {}

    private record NewKey(UUID id, Kept kept, Instant at) {}

    private final Connection connection;
    private final DatabaseLife.Columns life;
    private final JdbcEpochs epochs;
    private final List<StoredPublication> batch;
    private final TreeMap<String, Amount> amounts = new TreeMap<>();
    private final Map<String, Claim> claims = new HashMap<>();
    private final Map<UUID, Kept> keys = new HashMap<>();
    private final List<NewKey> newKeys = new ArrayList<>();
    private Set<Long> moved = Set.of();

    JdbcAppend(Connection connection, DatabaseLife.Columns life, List<StoredPublication> batch) {
        this.connection = connection;
        this.life = life;
        this.epochs = new JdbcEpochs(connection);
        this.batch = batch;
    }

    List<Outcome> run() throws SQLException {
        moved = OutboxRows.take(connection, batch);
        for (StoredPublication stored : batch) {
            if (refused(stored).isEmpty()) {
                Amount one = new Amount(1, stored.data().length);
                amounts.merge(stored.publication().channel(), one, Amount::plus);
            }
        }
        if (!amounts.isEmpty()) {
            claimChannels();
            readKeys();
        }
        List<Outcome> outcomes = giveOffsets();
        new JdbcInserts(connection).insert(batch, outcomes, this::claim);
        insertKeys();
        lowerHeads();
        epochs.write(claims.values());
        return outcomes;
    }

    /** The ids of the channels that were appended to. */
    List<Long> channelIds() {
        return claims.values().stream().map(Claim::id).toList();
    }

    private Optional<Outcome> refused(StoredPublication stored) {
        Optional<OutboxRow> row = OutboxRow.of(stored.publication());
        return row.isPresent() && moved.contains(row.get().id()) ? MOVED : stored.refused();
    }

    /** Returns the channels that have no row yet. */
    private List<String> raiseHeads() throws SQLException {
        List<String> names = List.copyOf(amounts.keySet());
        List<String> missing = new ArrayList<>();
        try (PreparedStatement raise = connection.prepareStatement(RAISE)) {
            for (Map.Entry<String, Amount> amount : amounts.entrySet()) {
                set(raise, amount);
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
        try (PreparedStatement create = connection.prepareStatement(
                "INSERT INTO parley_channel (name, epoch, head, bytes) VALUES (?, ?, ?, ?)")) {
            for (String name : names) {
                Amount amount = amounts.getOrDefault(name, Amount.NONE);
                create.setString(1, name);
                create.setString(2, Position.newEpoch());
                create.setLong(3, amount.messages());
                create.setLong(4, amount.bytes());
                create.addBatch();
            }
            ContestedInsert.runBatch(create);
        }
    }

    private void claimChannels() throws SQLException {
        if (amounts.size() == 1 && JdbcConnections.isPostgres(connection)) {
            claimOne();
        }
        if (claims.isEmpty()) {
            createMissing(raiseHeads());
            readClaims();
        }
    }

    /**
     * What PostgreSQL has changed it can tell with the same round trip; its driver not for a batch. The life is that of
     * when the statement began; {@link DatabaseLife#renew} waits for those that wait for their row.
     */
    private void claimOne() throws SQLException {
        try (PreparedStatement raise = connection.prepareStatement(RAISE + " RETURNING " + CLAIMED + life.sql())) {
            set(raise, amounts.firstEntry());
            readClaims(raise);
        }
    }

    private static void set(PreparedStatement raise, Map.Entry<String, Amount> amount) throws SQLException {
        raise.setLong(1, amount.getValue().messages());
        raise.setLong(2, amount.getValue().bytes());
        raise.setString(3, amount.getKey());
    }

    private void readClaims() throws SQLException {
        Array names = connection.createArrayOf("varchar", amounts.keySet().toArray());
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT " + CLAIMED + life.sql() + " FROM parley_channel WHERE name = ANY(?)")) {
            select.setArray(1, names);
            readClaims(select);
        }
    }

    private void readClaims(PreparedStatement raised) throws SQLException {
        try (ResultSet rows = raised.executeQuery()) {
            Life present = null;
            while (rows.next()) {
                present = present == null ? life.read(connection, rows, 9) : present;
                Amount amount = amounts.getOrDefault(rows.getString(2), Amount.NONE);
                claims.put(rows.getString(2), new Claim(row(rows, amount), present));
            }
        }
    }

    private static Claim.Row row(ResultSet row, Amount amount) throws SQLException {
        String before = row.getString(7);
        return new Claim.Row(
                row.getLong(1),
                row.getString(3),
                row.getString(6),
                before == null ? null : Life.parse(before),
                row.getLong(8),
                row.getLong(4) - amount.messages(),
                row.getLong(5) - amount.bytes());
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
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT key_id, pos, digest, epoch FROM parley_key WHERE key_id = ANY(?)")) {
            select.setArray(1, array);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    Kept kept = new Kept(rows.getString(4), rows.getLong(2), rows.getObject(3, UUID.class));
                    keys.put(rows.getObject(1, UUID.class), kept);
                }
            }
        }
    }

    private List<Outcome> giveOffsets() throws SQLException {
        List<Outcome> outcomes = new ArrayList<>(batch.size());
        for (StoredPublication stored : batch) {
            Optional<Outcome> refused = refused(stored);
            outcomes.add(refused.isPresent() ? refused.get() : giveOffset(stored));
        }
        return outcomes;
    }

    private Outcome giveOffset(StoredPublication stored) throws SQLException {
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
                    new Kept(position.epoch(), position.offset(), digest),
                    stored.publication().at());
            keys.put(keyId, key.kept());
            newKeys.add(key);
            return new Outcome.Appended(position);
        }
        return kept.digest().equals(digest)
                ? new Outcome.Repeated(position(claim, kept))
                : new Outcome.Refused(ErrorCode.KEY_REUSED);
    }

    private Position position(Claim claim, Kept kept) throws SQLException {
        return kept.epoch() == null
                ? epochs.positionOfOld(claim, kept.offset())
                : new Position(kept.epoch(), kept.offset());
    }

    private void insertKeys() throws SQLException {
        if (newKeys.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO parley_key (key_id, pos, digest, published_at, epoch) VALUES (?, ?, ?, ?, ?)")) {
            for (NewKey key : newKeys) {
                insert.setObject(1, key.id());
                insert.setLong(2, key.kept().offset());
                insert.setObject(3, key.kept().digest());
                insert.setLong(4, key.at().toEpochMilli());
                insert.setString(5, key.kept().epoch());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** After the messages are inserted, when it is known what each channel was given. */
    private void lowerHeads() throws SQLException {
        for (Map.Entry<String, Claim> entry : claims.entrySet()) {
            Claim claim = entry.getValue();
            Amount claimed = amounts.getOrDefault(entry.getKey(), Amount.NONE);
            if (claim.given() < claimed.messages()) {
                try (PreparedStatement lower =
                        connection.prepareStatement("UPDATE parley_channel SET head = ?, bytes = ? WHERE id = ?")) {
                    lower.setLong(1, claim.last());
                    lower.setLong(2, claim.bytes());
                    lower.setLong(3, claim.id());
                    lower.executeUpdate();
                }
            }
        }
    }

    private UUID keyId(StoredPublication stored) {
        Claim claim = claim(stored.publication().channel());
        return stored.keyId(
                claim.id(), claim.row().root(), stored.publication().key().orElseThrow());
    }

    private Claim claim(String channel) {
        Claim claim = claims.get(channel);
        if (claim == null) {
            throw new IllegalStateException("The row of " + channel + " is gone although it is locked");
        }
        return claim;
    }
}
