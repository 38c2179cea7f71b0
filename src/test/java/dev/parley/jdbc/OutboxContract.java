package dev.parley.jdbc;

import static dev.parley.jdbc.LogContract.bytes;
import static dev.parley.jdbc.LogContract.keyed;
import static dev.parley.jdbc.LogContract.offsetsOf;
import static dev.parley.jdbc.LogContract.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.log.Head;
import dev.parley.log.Log;
import dev.parley.log.LogWriter;
import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import dev.parley.log.RecordingListener;
import dev.parley.log.WriterLimits;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Message;
import dev.parley.protocol.RefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What is published in somebody else's transaction is in the log if and only if that commits, once, in its order. */
public interface OutboxContract extends LogContract {

    @Test
    default void a_message_of_a_transaction_is_in_the_log_if_and_only_if_it_commits() throws Exception {
        JdbcLog log = node();
        try (Connection connection = transaction();
                Moving moving = new Moving(log)) {
            log.outbox().put(connection, text("room", 1));
            moving.look();
            moving.awaitLooked();
            assertThat(log.heads(List.of("room"))).isEmpty();
            connection.rollback();
            log.outbox().put(connection, text("room", 2));
            connection.commit();

            moving.look();
            await().until(() -> !log.heads(List.of("room")).isEmpty());

            assertThat(texts(log, "room")).containsExactly("2");
            assertThat(log.outbox().waiting(10, 1000)).isEmpty();
        }
    }

    @Test
    default void a_row_that_no_client_could_read_is_not_moved_and_stops_none_behind_it() throws Exception {
        JdbcLog log = node();
        String deep = "[".repeat(200) + "]".repeat(200);
        try (Connection connection = transaction();
                Moving moving = new Moving(log)) {
            for (String json : List.of(deep, "{oops", "7")) {
                log.outbox().put(connection, new Publication("room", Optional.empty(), BOB, NOON, new Body.Json(json)));
            }
            connection.commit();

            moving.look();
            await().until(() -> log.outbox().waiting(10, 1000).isEmpty());

            assertThat(texts(log, "room")).containsExactly("7");
        }
    }

    @Test
    default void an_open_transaction_holds_up_nobody_on_the_channel() throws Exception {
        JdbcLog log = node();
        try (Connection connection = transaction()) {
            log.append(List.of(text("room", 1)));
            log.outbox().put(connection, text("room", 2));

            log.append(List.of(text("room", 3)));

            assertThat(texts(log, "room")).containsExactly("1", "3");
            connection.rollback();
        }
    }

    @Test
    default void all_of_a_transaction_comes_in_its_order_whatever_its_size_and_kind() throws Exception {
        JdbcLog log = node();
        byte[] picture = bytes(3_000_000);
        try (Connection connection = transaction();
                Moving moving = new Moving(log)) {
            for (int i = 0; i < 500; i++) {
                log.outbox().put(connection, text("room." + i % 2, i));
            }
            log.outbox()
                    .put(
                            connection,
                            new Publication(
                                    "room.0",
                                    Optional.of("k1"),
                                    BOB,
                                    NOON,
                                    new Body.Binary("image/png", Bytes.wrap(picture))));
            connection.commit();

            moving.look();
            await().until(() -> size(log, "room.0") == 251 && size(log, "room.1") == 250);

            assertThat(texts(log, "room.1"))
                    .isEqualTo(IntStream.range(0, 250)
                            .mapToObj(i -> "" + (2 * i + 1))
                            .toList());
            Message last = log.read("room.0", 250, 1, 1000).messages().get(0);
            assertThat(last.from()).isEqualTo(BOB);
            assertThat(log.content("room.0", last.position())
                            .orElseThrow()
                            .bytes()
                            .toArray())
                    .isEqualTo(picture);
        }
    }

    @Test
    default void nodes_that_move_the_same_rows_append_each_once() throws Exception {
        try (Connection connection = transaction();
                Moving one = new Moving(node());
                Moving other = new Moving(node())) {
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < 50; i++) {
                    node().outbox().put(connection, text("room." + i % 3, i));
                }
                connection.commit();
                one.look();
                other.look();
            }
            await().until(() -> size(node(), "room.0") + size(node(), "room.1") + size(node(), "room.2") >= 1000);
        }

        assertThat(node().outbox().waiting(10, 1000)).isEmpty();
        for (int i = 0; i < 3; i++) {
            List<Message> messages =
                    node().read("room." + i, 0, 1000, 1_000_000).messages();
            assertThat(offsetsOf(messages))
                    .isEqualTo(
                            LongStream.rangeClosed(1, i < 2 ? 340 : 320).boxed().toList());
        }
    }

    @Test
    default void what_a_killed_node_has_left_is_moved_at_the_next_start() throws Exception {
        try (Connection connection = transaction()) {
            node().outbox().put(connection, text("room", 1));
            connection.commit();
        }
        restartStore();

        try (Moving started = new Moving(node())) {
            await().until(() -> size(started.log, "room") == 1);
            assertThat(texts(started.log, "room")).containsExactly("1");
        }
    }

    @Test
    default void an_append_that_is_not_committed_leaves_the_row() throws Exception {
        JdbcLog log = node();
        try (Connection connection = transaction();
                Moving moving = new Moving(log)) {
            moving.away = true;
            log.outbox().put(connection, text("room", 1));
            log.outbox().put(connection, text("room", 2));
            connection.commit();
            moving.look();
            await().until(() -> moving.refused.get() > 0);
            assertThat(log.outbox().waiting(10, 1000)).hasSize(2);

            moving.away = false;
            moving.look();

            await().until(() -> size(log, "room") == 2);
            assertThat(texts(log, "room")).containsExactly("1", "2");
        }
    }

    @Test
    default void what_the_log_refuses_for_ever_is_taken_away_and_holds_up_nobody() throws Exception {
        JdbcLog log = node();
        try (Connection connection = transaction();
                Connection other = transaction();
                Moving moving = new Moving(log)) {
            log.outbox().put(connection, keyed("room", "k", ANN, "1"));
            log.outbox().put(other, keyed("room", "k", ANN, "\"other\""));
            log.outbox().put(other, text("room", 2));
            connection.commit();
            other.commit();
            moving.look();

            await().until(() -> log.outbox().waiting(10, 1000).isEmpty());

            assertThat(texts(log, "room")).containsExactly("1", "2");
        }
    }

    @Test
    default void the_same_key_twice_is_one_message_or_is_refused_where_a_transaction_sees_it() throws Exception {
        JdbcLog log = node();
        log.append(List.of(keyed("room", "old", ANN, "1")));
        try (Connection connection = transaction();
                Moving moving = new Moving(log)) {
            log.outbox().put(connection, keyed("room", "old", ANN, "1"));
            log.outbox().put(connection, keyed("room", "new", ANN, "2"));
            log.outbox().put(connection, keyed("room", "new", ANN, "2"));
            log.outbox().put(connection, keyed("room", "new", BOB, "3"));
            for (String key : List.of("old", "new")) {
                assertThatThrownBy(() -> log.outbox().put(connection, keyed("room", key, ANN, "4")))
                        .isInstanceOfSatisfying(
                                RefusedException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.KEY_REUSED));
            }
            connection.commit();
            assertThat(log.outbox().waiting(10, 1000)).hasSize(2);
            moving.look();

            await().until(() -> size(log, "room") == 3);
            assertThat(texts(log, "room")).containsExactly("1", "2", "3");
        }
    }

    @Test
    default void what_no_log_could_take_is_refused_in_the_transaction_which_goes_on() throws Exception {
        JdbcLog log = node();
        try (Connection connection = transaction();
                Moving moving = new Moving(log)) {
            Publication broken = new Publication("room", Optional.empty(), ANN, NOON, new Body.Json("\"\0\""));

            assertThatThrownBy(() -> log.outbox().put(connection, broken))
                    .isInstanceOfSatisfying(
                            RefusedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED));
            log.outbox().put(connection, text("room", 2));
            connection.commit();
            moving.look();

            await().until(() -> size(log, "room") == 1);
            assertThat(texts(log, "room")).containsExactly("2");
        }
    }

    private Connection transaction() throws SQLException {
        Connection connection = source().getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private static long size(Log log, String channel) {
        return log.heads(List.of(channel)).getOrDefault(channel, Head.NONE).last();
    }

    private static List<String> texts(Log log, String channel) {
        return log.read(channel, 0, 1000, 1_000_000).messages().stream()
                .map(LogContract::textOf)
                .toList();
    }

    /** A node's writer and mover, which looks when it is told to. */
    final class Moving implements AutoCloseable {
        private final JdbcLog log;
        private final ExecutorService writing = Executors.newSingleThreadExecutor();
        private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor();
        private final LogWriter writer;
        private final OutboxRelay relay;
        private final AtomicInteger refused = new AtomicInteger();
        private volatile boolean away;

        private Moving(JdbcLog log) {
            this.log = log;
            writer = new LogWriter(log, writing, new RecordingListener(), WriterLimits.DEFAULT, INLINE);
            relay = OutboxRelay.start(log.outbox(), this::publish, looking, Duration.ofHours(1));
        }

        private void publish(Publication publication, Consumer<Outcome> callback) {
            if (away) {
                refused.incrementAndGet();
                callback.accept(new Outcome.Refused(ErrorCode.UNAVAILABLE));
            } else {
                writer.publish(publication, callback);
            }
        }

        private void look() {
            relay.wake();
        }

        /** What it has found until now it has handed to the writer, and the writer has written it. */
        private void awaitLooked() throws Exception {
            looking.submit(() -> {}).get();
            writing.submit(() -> {}).get();
        }

        @Override
        public void close() {
            relay.close();
            writer.close();
            looking.shutdown();
            writing.shutdown();
            await().until(() -> looking.isTerminated() && writing.isTerminated());
        }
    }
}
