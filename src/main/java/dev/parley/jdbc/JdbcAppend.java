package dev.parley.jdbc;

import dev.parley.log.Outcome;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One append, in one transaction of one connection; used once.
 *
 * <p>The heads are raised first, which locks the channels' rows ({@link ChannelClaims}); nothing that was known before the
 * lock is used. Where keys turn out to be repeated, a head is lowered again before the commit, so that offsets stay
 * contiguous.
 *
 * <p>In another life of the database than the last append's, a channel's messages are of a new epoch, which begins under
 * the lock of its row, with the first that is really given.
 */
final class JdbcAppend {
    private static final Optional<Outcome> MOVED =
            Optional.of(new Outcome.Refused(ErrorCode.NOT_FOUND, "Another node has moved it to the log."));

    /** What a key stands for: kept since an earlier batch, or new with this one; null where an earlier version wrote it. */
    private record Kept(@Nullable String epoch, long offset, UUID digest) {}

    private record NewKey(UUID id, Kept kept, Instant at) {}

    private final Connection connection;
    private final DatabaseLife.Columns life;
    private final Optional<TransactionLimits> limits;
    private final JdbcEpochs epochs;
    private final List<StoredPublication> batch;
    private final NavigableMap<String, ChannelClaims.Amount> amounts = new TreeMap<>();
    private Map<String, Claim> claims = Map.of();
    private final Map<UUID, Kept> keys = new HashMap<>();
    private final List<NewKey> newKeys = new ArrayList<>();
    private Set<Long> moved = Set.of();

    /** In a transaction whose limits are said. */
    JdbcAppend(Connection connection, DatabaseLife.Columns life, List<StoredPublication> batch) {
        this(connection, life, Optional.empty(), batch);
    }

    /** @param limits of the transaction, where nobody has said them yet */
    JdbcAppend(
            Connection connection,
            DatabaseLife.Columns life,
            Optional<TransactionLimits> limits,
            List<StoredPublication> batch) {
        this.connection = connection;
        this.life = life;
        this.limits = limits;
        this.epochs = new JdbcEpochs(connection);
        this.batch = batch;
    }

    List<Outcome> run() throws SQLException {
        moved = OutboxRows.take(connection, batch);
        for (StoredPublication stored : batch) {
            if (refused(stored).isEmpty()) {
                ChannelClaims.Amount one = new ChannelClaims.Amount(1, stored.data().length);
                amounts.merge(stored.publication().channel(), one, ChannelClaims.Amount::plus);
            }
        }
        if (!amounts.isEmpty()) {
            claims = new ChannelClaims(connection, life, limits, amounts).claim();
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
            ChannelClaims.Amount claimed = amounts.getOrDefault(entry.getKey(), ChannelClaims.Amount.NONE);
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
