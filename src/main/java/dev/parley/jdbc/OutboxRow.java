package dev.parley.jdbc;

import dev.parley.log.Publication;
import java.util.Optional;

/** A row of the {@link JdbcOutbox}, in which a publication waits. */
record OutboxRow(long id) implements Publication.Place {
    static Optional<OutboxRow> of(Publication publication) {
        return publication.waiting().filter(OutboxRow.class::isInstance).map(OutboxRow.class::cast);
    }
}
