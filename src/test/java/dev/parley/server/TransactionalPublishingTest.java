package dev.parley.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.security.Identity;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TransactionalPublishingTest {
    private static final Body ORDER = new Body.Json("{\"order\":42}");

    @TempDir
    Path folder;

    @Test
    void what_a_transaction_publishes_reaches_subscribers_once_it_commits() throws Exception {
        try (TestNode node = new TestNode(folder, Map.of("parley.log.outbox-interval", "1h"));
                Connection connection = node.transaction()) {
            TransactionalPublishing publishing = node.node().transactional();
            publishing.publish(connection, "orders.london", new Body.Json("1"));
            connection.rollback();
            publishing.publish(connection, "orders.london", new Body.Json("2"));
            connection.commit();
            publishing.committed();

            await().until(() -> node.head("orders.london").last() == 1);
        }
    }

    @Test
    void a_commit_that_nobody_tells_of_is_found() throws Exception {
        try (TestNode node = new TestNode(folder, Map.of("parley.log.outbox-interval", "50ms"));
                Connection connection = node.transaction()) {
            node.node().transactional().publish(connection, "orders.london", ORDER);
            connection.commit();

            await().until(() -> node.head("orders.london").last() == 1);
        }
    }

    @Test
    void what_would_be_refused_is_refused_at_once() throws Exception {
        try (TestNode node = new TestNode(folder, Map.of("parley.channels.prices.durable", "false"));
                Connection connection = node.transaction()) {
            TransactionalPublishing publishing = node.node().transactional();

            assertRefused(ErrorCode.INVALID_NAME, () -> publishing.publish(connection, "no such", ORDER));
            assertRefused(ErrorCode.MALFORMED, () -> publishing.publish(connection, "orders", new Body.Json("1\n2")));
            assertRefused(ErrorCode.NOT_ALLOWED, () -> publishing.publish(connection, "prices.gold", ORDER));
            assertRefused(
                    ErrorCode.INVALID_NAME,
                    () -> publishing.publish(connection, Identity.SERVER, "orders", Optional.of(""), ORDER));
        }
    }

    @Test
    void without_a_transaction_nothing_is_published() throws Exception {
        try (TestNode node = new TestNode(folder, Map.of());
                Connection connection = node.transaction()) {
            TransactionalPublishing publishing = node.node().transactional();
            connection.setAutoCommit(true);

            assertThatThrownBy(() -> publishing.publish(connection, "orders", ORDER))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("setAutoCommit(false)");
            assertThatThrownBy(() -> publishing.publish("orders", ORDER))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no Jakarta Transactions here");
            assertThat(node.head("orders").last()).isZero();
        }
    }

    private interface Publish {
        void run() throws Exception;
    }

    private static void assertRefused(ErrorCode code, Publish publish) {
        assertThatThrownBy(publish::run)
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
