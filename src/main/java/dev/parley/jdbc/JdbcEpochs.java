package dev.parley.jdbc;

import dev.parley.protocol.Lineage;
import dev.parley.protocol.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Begins epochs in an append's transaction, under the lock of the channels' rows, and knows those that have ended. */
final class JdbcEpochs {
    /** Kept of a channel, beside what goes with its messages; of the older ones a log knows nothing any more. */
    static final int ANCESTORS = 1_000;

    private static final String UPDATE_CHANNEL =
            "UPDATE parley_channel SET epoch = ?, root = ?, life = ?, branched = ? WHERE id = ?";
    private static final String INSERT_ANCESTOR =
            "INSERT INTO parley_epoch (channel_id, ended, epoch) VALUES (?, ?, ?)";
    private static final String DELETE_OLD = "DELETE FROM parley_epoch WHERE channel_id = ? AND ended <="
            + " (SELECT e.ended FROM parley_epoch e WHERE e.channel_id = ?"
            + " ORDER BY e.channel_id DESC, e.ended DESC LIMIT 1 OFFSET " + ANCESTORS + ")";
    private static final String SELECT_ANCESTORS =
            "SELECT epoch, ended FROM parley_epoch WHERE channel_id = ? ORDER BY channel_id, ended";

    private final Connection connection;

    JdbcEpochs(Connection connection) {
        this.connection = connection;
    }

    /** Writes what is new of the epochs and lives of these channels. */
    void write(Collection<Claim> claims) throws SQLException {
        List<Claim> news = claims.stream().filter(Claim::isNews).toList();
        if (news.isEmpty()) {
            return;
        }
        try (PreparedStatement update = connection.prepareStatement(UPDATE_CHANNEL)) {
            for (Claim claim : news) {
                long branched =
                        claim.isBranched() ? claim.row().last() : claim.row().branched();
                update.setString(1, claim.epoch());
                update.setString(2, claim.row().root());
                update.setString(3, claim.life().toString());
                if (branched < 0) {
                    update.setNull(4, Types.BIGINT);
                } else {
                    update.setLong(4, branched);
                }
                update.setLong(5, claim.id());
                update.addBatch();
            }
            update.executeBatch();
        }
        end(news.stream().filter(Claim::isBranched).toList());
    }

    /** The epochs before these. */
    private void end(List<Claim> branched) throws SQLException {
        if (branched.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT_ANCESTOR);
                PreparedStatement delete = connection.prepareStatement(DELETE_OLD)) {
            for (Claim claim : branched) {
                insert.setLong(1, claim.id());
                insert.setLong(2, claim.row().last());
                insert.setString(3, claim.row().epoch());
                insert.addBatch();
                delete.setLong(1, claim.id());
                delete.setLong(2, claim.id());
                delete.addBatch();
            }
            insert.executeBatch();
            delete.executeBatch();
        }
    }

    /**
     * Where a message of a key was acknowledged whose row does not tell, since an earlier version has written it: such a one
     * knew the first epoch alone, which the log may have forgotten.
     */
    Position positionOfOld(Claim claim, long offset) throws SQLException {
        Claim.Row row = claim.row();
        if (offset > row.branched()) {
            return new Position(row.epoch(), offset);
        }
        Lineage lineage = lineage(row);
        boolean first = lineage.ancestors().isEmpty()
                || offset <= lineage.ancestors().get(0).end();
        return first ? new Position(row.root(), offset) : lineage.at(offset);
    }

    private Lineage lineage(Claim.Row row) throws SQLException {
        List<Lineage.Ancestor> ancestors = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(SELECT_ANCESTORS)) {
            select.setLong(1, row.id());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    ancestors.add(new Lineage.Ancestor(rows.getString(1), rows.getLong(2)));
                }
            }
        }
        return new Lineage(row.epoch(), ancestors);
    }
}
