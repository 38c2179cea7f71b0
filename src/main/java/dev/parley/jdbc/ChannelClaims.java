package dev.parley.jdbc;

import dev.parley.protocol.Position;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Raises the heads of the channels that one append is for, which locks their rows until it is committed; used once.
 *
 * <p>They are raised in the order of the channels' names, the same on every node, so that of two appends that have
 * channels in common one waits and neither for the other.
 *
 * <p>A channel that two nodes create at once makes one of them fail with a conflict, and begin anew: to go on and lock
 * the other's row now would be out of order.
 */
final class ChannelClaims {
    private static final String RAISE = "UPDATE parley_channel SET head = head + ?, bytes = bytes + ? WHERE name = ?";

    private static final String CLAIMED =
            "id, name, epoch, head, bytes, COALESCE(root, epoch), life, COALESCE(branched, -1)";

    private static final int LIFE = 9;

    /** The rows are locked by the select, which takes them in the order of the arrays; the update finds them locked. */
    private static final String RAISE_ALL = "WITH claimed AS (SELECT c.id AS claimed_id, a.messages, a.size"
            + " FROM unnest(CAST(? AS VARCHAR[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]))"
            + " WITH ORDINALITY AS a(channel, messages, size, place)"
            + " JOIN parley_channel c ON c.name = a.channel ORDER BY a.place FOR UPDATE OF c)"
            + " UPDATE parley_channel SET head = head + claimed.messages, bytes = bytes + claimed.size"
            + " FROM claimed WHERE id = claimed.claimed_id RETURNING ";

    private final Connection connection;
    private final DatabaseLife.Columns life;
    private final Optional<TransactionLimits> limits;
    private final NavigableMap<String, Amount> amounts;
    private final Map<String, Claim> claims = new HashMap<>();
    private @Nullable Life present;

    /** What is to be appended to a channel, at most: keys may turn out to be repeated. */
    record Amount(int messages, long bytes) {
        static final Amount NONE = new Amount(0, 0);

        Amount plus(Amount other) {
            return new Amount(messages + other.messages, bytes + other.bytes);
        }
    }

    /**
     * @param limits of the transaction, where nobody has said them yet; for PostgreSQL
     * @param amounts by the channel's name; of one channel at least
     */
    ChannelClaims(
            Connection connection,
            DatabaseLife.Columns life,
            Optional<TransactionLimits> limits,
            NavigableMap<String, Amount> amounts) {
        this.connection = connection;
        this.life = life;
        this.limits = limits;
        this.amounts = amounts;
    }

    /** By the channel's name; a channel that was not there has been made. */
    Map<String, Claim> claim() throws SQLException {
        if (!JdbcConnections.isPostgres(connection)) {
            create(raise());
            read(amounts.keySet());
            return claims;
        }
        if (amounts.size() == 1) {
            raiseOne();
        } else {
            raiseAll();
        }
        Set<String> missing = new TreeSet<>(amounts.keySet());
        missing.removeAll(claims.keySet());
        if (!missing.isEmpty()) {
            create(missing);
            read(missing);
        }
        return claims;
    }

    /**
     * What PostgreSQL has changed it can tell with the same round trip; its driver not for a batch. The life is that of
     * when the statement began; {@link DatabaseLife#renew} waits for those that wait for their row.
     */
    private void raiseOne() throws SQLException {
        try (PreparedStatement raise = limited(RAISE + " RETURNING ")) {
            set(raise, amounts.firstEntry());
            executeLimited(raise);
        }
    }

    /** The same of several: one statement in place of one for each channel, and another that reads them. */
    private void raiseAll() throws SQLException {
        Collection<Amount> raised = amounts.values();
        Array names = connection.createArrayOf("varchar", amounts.keySet().toArray());
        Array messages = connection.createArrayOf(
                "bigint",
                raised.stream().map(amount -> (long) amount.messages()).toArray());
        Array sizes = connection.createArrayOf(
                "bigint", raised.stream().map(Amount::bytes).toArray());
        try (PreparedStatement raise = limited(RAISE_ALL)) {
            raise.setArray(1, names);
            raise.setArray(2, messages);
            raise.setArray(3, sizes);
            executeLimited(raise);
        }
    }

    /** Two statements that the driver sends as one are one round trip. */
    private PreparedStatement limited(String raise) throws SQLException {
        String before = limits.map(unsaid -> unsaid.sql() + "; ").orElse("");
        return connection.prepareStatement(before + raise + CLAIMED + life.sql());
    }

    private void executeLimited(PreparedStatement raise) throws SQLException {
        raise.execute();
        if (limits.isPresent() && !raise.getMoreResults()) {
            throw new SQLException("The driver does not say what the second of two statements has changed");
        }
        try (ResultSet rows = raise.getResultSet()) {
            readRaised(rows);
        }
    }

    /** Returns the channels that have no row yet. */
    private List<String> raise() throws SQLException {
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

    private static void set(PreparedStatement raise, Map.Entry<String, Amount> amount) throws SQLException {
        raise.setLong(1, amount.getValue().messages());
        raise.setLong(2, amount.getValue().bytes());
        raise.setString(3, amount.getKey());
    }

    private void create(Collection<String> names) throws SQLException {
        if (names.isEmpty()) {
            return;
        }
        try (PreparedStatement create = connection.prepareStatement(
                "INSERT INTO parley_channel (name, epoch, head, bytes) VALUES (?, ?, ?, ?)")) {
            for (String name : names) {
                Amount amount = amount(name);
                create.setString(1, name);
                create.setString(2, Position.newEpoch());
                create.setLong(3, amount.messages());
                create.setLong(4, amount.bytes());
                create.addBatch();
            }
            ContestedInsert.runBatch(create);
        }
    }

    private void read(Collection<String> names) throws SQLException {
        Array array = connection.createArrayOf("varchar", names.toArray());
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT " + CLAIMED + life.sql() + " FROM parley_channel WHERE name = ANY(?)")) {
            select.setArray(1, array);
            try (ResultSet rows = select.executeQuery()) {
                readRaised(rows);
            }
        }
    }

    private void readRaised(ResultSet rows) throws SQLException {
        while (rows.next()) {
            present = present == null ? life.read(connection, rows, LIFE) : present;
            claims.put(rows.getString(2), new Claim(row(rows, amount(rows.getString(2))), present));
        }
    }

    private Amount amount(String name) {
        return amounts.getOrDefault(name, Amount.NONE);
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
}
