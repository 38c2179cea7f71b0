package dev.parley.server;

import static dev.parley.testing.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.api.Identity;
import dev.parley.api.Transactions;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.testing.CapturedLogs;
import dev.parley.testing.WireClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatabaseTransactionsTest {
    private static final Body ORDER = new Body.Json("{\"order\":42}");

    @TempDir
    Path folder;

    @Test
    void what_a_transaction_publishes_reaches_subscribers_once_it_commits() throws Exception {
        try (TestNode node = new TestNode(folder, Map.of("parley.log.outbox-interval", "1h"));
                Connection connection = node.transaction()) {
            WireClient subscriber = node.client();
            subscriber.subscribe(1, "orders.london", "");
            await().until(() -> subscriber.isAnswered(1));
            Transactions publishing = node.transactions();
            publishing.publish(connection, "orders.london", new Body.Json("1"));
            connection.rollback();
            publishing.publish(connection, "orders.london", new Body.Json("2"));
            connection.commit();
            publishing.committed();
            await().until(() -> !subscriber.data("orders.london").isEmpty());
            publishing.publish(connection, "orders.london", new Body.Json("3"));
            connection.commit();
            publishing.committed();

            await().until(() -> subscriber.data("orders.london").contains("3"));
            assertThat(subscriber.data("orders.london")).containsExactly("2", "3");
        }
    }

    @Test
    void a_commit_that_nobody_tells_of_is_found() throws Exception {
        try (TestNode node = new TestNode(folder, Map.of("parley.log.outbox-interval", "50ms"));
                Connection connection = node.transaction()) {
            node.transactions().publish(connection, "orders.london", ORDER);
            connection.commit();

            await().until(() -> node.head("orders.london").last() == 1);
        }
    }

    @Test
    void what_would_be_refused_is_refused_at_once() throws Exception {
        try (TestNode node = new TestNode(folder, Map.of("parley.channels.prices.durable", "false"));
                Connection connection = node.transaction()) {
            Transactions publishing = node.transactions();

            assertRefused(
                    () -> publishing.publish(connection, "no such", ORDER),
                    ErrorCode.INVALID_NAME,
                    "A channel is 1 to 200 letters, digits, '.', '_', '-' or '~', beginning with a letter or digit.");
            assertRefused(
                    () -> publishing.publish(connection, "orders", new Body.Json("1\n2")),
                    ErrorCode.MALFORMED,
                    "The data is not JSON: something is wrong at character 1.");
            assertRefused(
                    () -> publishing.publish(connection, "prices.gold", ORDER),
                    ErrorCode.NOT_ALLOWED,
                    "The channel is not durable (parley.channels.prices.durable), so it takes part in no transaction.");
            assertRefused(
                    () -> publishing.publish(connection, Identity.SERVER, "orders", Optional.of(""), ORDER),
                    ErrorCode.INVALID_NAME,
                    "A key is 1 to 200 printable characters.");
            assertThat(waiting(connection)).isZero();
        }
    }

    @Test
    void without_a_transaction_nothing_is_published() throws Exception {
        try (TestNode node = new TestNode(folder, Map.of());
                Connection connection = node.transaction()) {
            Transactions publishing = node.transactions();
            connection.setAutoCommit(true);

            assertThatThrownBy(() -> publishing.publish(connection, "orders", ORDER))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("setAutoCommit(false)");
            assertThatThrownBy(() -> publishing.publish("orders", ORDER))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("This thread has no transaction");
            assertThat(waiting(connection)).isZero();
            assertThat(node.head("orders").last()).isZero();
        }
    }

    @Test
    void a_call_within_a_call_joins_it_and_takes_it_down_when_it_fails() throws Exception {
        try (TestNode node = new TestNode(folder, Map.of("parley.log.outbox-interval", "1h"))) {
            Transactions transactions = node.transactions();

            transactions.run(outer -> transactions.run(inner -> transactions.publish("orders", new Body.Json("1"))));
            await().until(() -> node.head("orders").last() == 1);
            assertThatThrownBy(() -> transactions.run(outer -> {
                        transactions.publish("orders", new Body.Json("2"));
                        assertThatThrownBy(() -> transactions.run(inner -> {
                                    throw new IllegalArgumentException("as the test wants it");
                                }))
                                .isInstanceOf(IllegalArgumentException.class);
                    }))
                    .isInstanceOf(SQLTransactionRollbackException.class);
            transactions.run(connection -> transactions.publish("orders", new Body.Json("3")));

            await().until(() -> node.head("orders").last() == 2);
            assertThatThrownBy(() -> transactions.publish("orders", ORDER))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("This thread has no transaction");
        }
    }

    @Test
    void a_key_twice_in_a_transaction_is_one_message_or_refused_at_the_second_call() throws Exception {
        try (TestNode node = new TestNode(folder, Map.of());
                CapturedLogs logs = new CapturedLogs()) {
            Transactions transactions = node.transactions();
            Optional<String> key = Optional.of("k");

            transactions.run(connection -> {
                transactions.publish(Identity.SERVER, "orders", key, ORDER);
                transactions.publish(Identity.SERVER, "orders", key, ORDER);
                assertRefused(
                        () -> transactions.publish(Identity.SERVER, "orders", key, new Body.Json("2")),
                        ErrorCode.KEY_REUSED,
                        "The key was used for a message with other content.");
                transactions.publish("orders", new Body.Json("3"));
            });

            await().until(() -> node.head("orders").last() == 2);
            assertThat(logs.shown()).noneMatch(line -> line.contains("is not taken by the log"));
        }
    }

    @Test
    void the_work_cannot_end_the_transaction_but_by_what_it_throws() throws Exception {
        try (TestNode node = new TestNode(folder, Map.of())) {
            Transactions transactions = node.transactions();

            long seen = transactions.call(connection -> {
                transactions.publish("orders", ORDER);
                assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
                assertThatThrownBy(connection::rollback).isInstanceOf(SQLException.class);
                assertThatThrownBy(() -> connection.setAutoCommit(true)).isInstanceOf(SQLException.class);
                connection.close();
                return waiting(connection);
            });

            assertThat(seen).isEqualTo(1);
            await().until(() -> node.head("orders").last() == 1);
        }
    }

    /** How many messages stand in the outbox, as this transaction sees it. */
    private static long waiting(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM parley_outbox")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
