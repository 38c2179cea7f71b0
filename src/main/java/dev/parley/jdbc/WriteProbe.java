package dev.parley.jdbc;

import dev.parley.log.LogException;
import dev.parley.log.Publication;
import dev.parley.protocol.Body;
import dev.parley.protocol.Member;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Finds what a publish would find, and leaves nothing: appends a message to a channel of nobody's, goes back to before it,
 * and commits. So every table is written, and the commit is one that goes to the disk, and to a standby where commits wait
 * for one.
 */
final class WriteProbe {
    private static final Member NOBODY = new Member("parley", Optional.empty());

    /** Its own, or nodes that look at once would wait for each other. */
    private final String channel = "parley.probe-" + UUID.randomUUID();

    private final JdbcConnections connections;
    private final Supplier<DatabaseLife.Columns> life;

    WriteProbe(JdbcConnections connections, Supplier<DatabaseLife.Columns> life) {
        this.connections = connections;
        this.life = life;
    }

    /** @throws LogException when a publish would fail now */
    void run() {
        Publication publication =
                new Publication(channel, Optional.of("probe"), NOBODY, Instant.now(), new Body.Json("null"));
        DatabaseLife.Columns present = life.get();
        connections.transaction(TransactionLimits.APPEND, connection -> {
            Savepoint before = connection.setSavepoint();
            new JdbcAppend(connection, present, List.of(StoredPublication.of(publication))).run();
            connection.rollback(before);
            return true;
        });
    }
}
