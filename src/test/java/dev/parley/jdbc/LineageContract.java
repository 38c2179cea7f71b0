package dev.parley.jdbc;

import static dev.parley.jdbc.LogContract.append;
import static dev.parley.jdbc.LogContract.binary;
import static dev.parley.jdbc.LogContract.bytes;
import static dev.parley.jdbc.LogContract.inParallel;
import static dev.parley.jdbc.LogContract.keyed;
import static dev.parley.jdbc.LogContract.offsetsOf;
import static dev.parley.jdbc.LogContract.position;
import static dev.parley.jdbc.LogContract.text;
import static dev.parley.jdbc.LogContract.trimAll;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.log.Head;
import dev.parley.log.Log;
import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import dev.parley.log.Retention;
import dev.parley.log.Slice;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Lineage;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every log does when its database has begun another life: it branches, and what was acknowledged keeps its name. */
public interface LineageContract extends LogContract {
    Duration LONG = Duration.ofDays(1);

    /** The database begins another life, here as the operator has it. */
    default void beginLife() {
        DatabaseLife.renew(source());
    }

    private static Head head(Log log, String channel) {
        return log.heads(List.of(channel)).get(channel);
    }

    private static List<Position> positions(Slice slice) {
        return slice.messages().stream().map(Message::position).toList();
    }

    private static Position one(Log log, Publication publication) {
        return position(log.append(List.of(publication)).get(0));
    }

    @Test
    default void in_another_life_the_next_message_begins_an_epoch_that_goes_on_with_the_offsets() {
        Log log = node();
        Position first = one(log, text("room", 1));
        append(log, "room", 9);

        beginLife();
        Position eleventh = one(node(), text("room", 2));
        append(log, "room", 1);

        assertThat(eleventh.offset()).isEqualTo(11);
        assertThat(eleventh.epoch()).isNotEqualTo(first.epoch());
        Lineage lineage = new Lineage(eleventh.epoch(), List.of(new Lineage.Ancestor(first.epoch(), 10)));
        assertThat(head(log, "room")).isEqualTo(new Head(lineage, 1, 12));
        List<Position> all = LongStream.rangeClosed(1, 12).mapToObj(lineage::at).toList();
        assertThat(log.read("room", 0, 100, 1_000)).satisfies(slice -> {
            assertThat(slice.head().lineage()).isEqualTo(lineage);
            assertThat(positions(slice)).isEqualTo(all);
        });
        assertThat(positions(log.readBefore("room", 13, 100, 1_000))).isEqualTo(all);
        assertThat(positions(log.readBefore("room", 12, 2, 1_000))).isEqualTo(all.subList(9, 11));
    }

    @Test
    default void each_life_that_has_messages_is_an_epoch_and_lives_without_any_are_none() {
        Log log = node();
        List<Position> all = new ArrayList<>();
        for (int life = 0; life < 4; life++) {
            all.add(one(log, text("room", life)));
            all.add(one(log, text("room", life)));
            beginLife();
            log.read("room", 0, 10, 1_000);
            beginLife();
        }

        assertThat(head(log, "room").lineage().ancestors())
                .extracting(Lineage.Ancestor::position)
                .containsExactly(all.get(1), all.get(3), all.get(5));
        assertThat(positions(log.read("room", 0, 100, 1_000))).isEqualTo(all);
        assertThat(all.stream().map(Position::epoch).distinct()).hasSize(4);
    }

    @Test
    default void a_channel_that_nobody_publishes_to_keeps_its_epoch_and_others_have_their_own() {
        Log log = node();
        append(log, "quiet", 3);
        append(log, "busy", 3);
        Head quiet = head(log, "quiet");

        beginLife();
        append(log, "busy", 1);
        append(log, "new", 1);

        Map<String, Head> heads = log.heads(List.of("quiet", "busy", "new"));
        assertThat(heads.get("quiet")).isEqualTo(quiet);
        assertThat(heads.get("busy").lineage().ancestors()).hasSize(1);
        assertThat(heads.get("new").lineage().ancestors()).isEmpty();
    }

    @Test
    default void a_batch_of_which_nothing_is_given_begins_no_epoch() {
        Log log = node();
        Position first = one(log, keyed("room", "k", ANN, "1"));
        Head before = head(log, "room");
        beginLife();

        assertThat(log.append(List.of(keyed("room", "k", ANN, "1"), keyed("room", "k", ANN, "2"))))
                .containsExactly(new Outcome.Repeated(first), new Outcome.Refused(ErrorCode.KEY_REUSED));

        assertThat(head(log, "room")).isEqualTo(before);
        assertThat(one(log, text("room", 2)).epoch()).isNotEqualTo(first.epoch());
    }

    @Test
    default void a_key_is_found_across_branches_at_the_position_that_it_was_given() {
        Log log = node();
        Position first = one(log, keyed("room", "a", ANN, "1"));
        beginLife();
        Position second = one(log, keyed("room", "b", ANN, "2"));
        beginLife();
        Position third = one(log, keyed("room", "c", ANN, "3"));

        List<Outcome> again = node().append(List.of(
                keyed("room", "a", ANN, "1"), keyed("room", "b", ANN, "2"), keyed("room", "c", ANN, "3")));

        assertThat(again)
                .containsExactly(
                        new Outcome.Repeated(first), new Outcome.Repeated(second), new Outcome.Repeated(third));
        assertThat(Set.of(first.epoch(), second.epoch(), third.epoch())).hasSize(3);
        assertThat(head(log, "room").last()).isEqualTo(3);
        assertThat(log.append(List.of(keyed("room", "a", ANN, "other"))))
                .containsExactly(new Outcome.Refused(ErrorCode.KEY_REUSED));
    }

    @Test
    default void a_key_that_an_earlier_version_has_kept_is_of_the_epoch_that_its_offset_is_of() throws Exception {
        Log log = node();
        Position first = one(log, keyed("room", "a", ANN, "1"));
        beginLife();
        Position second = one(log, keyed("room", "b", ANN, "2"));
        beginLife();
        Position third = one(log, keyed("room", "c", ANN, "3"));
        execute("UPDATE parley_key SET epoch = NULL");
        List<Publication> all =
                List.of(keyed("room", "a", ANN, "1"), keyed("room", "b", ANN, "2"), keyed("room", "c", ANN, "3"));

        assertThat(log.append(all))
                .containsExactly(
                        new Outcome.Repeated(first), new Outcome.Repeated(second), new Outcome.Repeated(third));

        trimAll(log, new Retention(1, LONG));
        append(log, "room", 9);
        trimAll(log, new Retention(1, LONG));
        assertThat(log.append(all.subList(0, 1))).containsExactly(new Outcome.Repeated(first));
    }

    @Test
    default void the_operator_begins_another_epoch_also_of_what_an_earlier_version_has_written() throws Exception {
        Log log = node();
        Position first = one(log, keyed("room", "a", ANN, "1"));
        execute("UPDATE parley_channel SET life = NULL, root = NULL");

        DatabaseLife.renew(source());
        Position second = one(log, text("room", 2));

        assertThat(head(log, "room").lineage())
                .isEqualTo(new Lineage(second.epoch(), List.of(new Lineage.Ancestor(first.epoch(), 1))));
        assertThat(second.epoch()).isNotEqualTo(first.epoch());
        assertThat(log.append(List.of(keyed("room", "a", ANN, "1")))).containsExactly(new Outcome.Repeated(first));
    }

    @Test
    default void nodes_that_append_at_once_in_another_life_begin_one_epoch() throws Exception {
        List<Publication> batch =
                IntStream.range(0, 20).mapToObj(i -> text("room." + i, i)).toList();
        node().append(batch);
        beginLife();
        List<Callable<List<Outcome>>> tasks = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
            Log log = node();
            tasks.add(() -> log.append(batch));
        }

        List<Position> given = inParallel(tasks).stream()
                .flatMap(List::stream)
                .map(LogContract::position)
                .toList();

        Map<String, Head> heads =
                node().heads(batch.stream().map(Publication::channel).toList());
        assertThat(heads.values()).hasSize(20).allSatisfy(head -> {
            assertThat(head.lineage().ancestors())
                    .extracting(Lineage.Ancestor::end)
                    .containsExactly(1L);
            assertThat(head.last()).isEqualTo(5);
            assertThat(given).contains(head.lineage().at(2), head.lineage().at(5));
        });
        assertThat(given).doesNotHaveDuplicates();
    }

    @Test
    default void content_is_of_the_position_that_a_message_was_given_and_of_no_other() {
        Log log = node();
        Position left = null;
        for (int i = 0; i < 10; i++) {
            left = one(log, binary("room", bytes(100_000 + i)));
        }
        beginLife();
        Position last = left;
        for (int i = 10; i < 15; i++) {
            last = one(log, binary("room", bytes(100_000 + i)));
        }

        assertThat(log.content("room", left, 0, 0))
                .hasValueSatisfying(piece -> assertThat(piece.size()).isEqualTo(100_009));
        assertThat(log.content("room", left.at(1), 0, 0)).isPresent();
        assertThat(log.content("room", last, 0, 0))
                .hasValueSatisfying(piece -> assertThat(piece.size()).isEqualTo(100_014));
        assertThat(log.content("room", last.at(11), 0, 0)).isPresent();
        assertThat(log.content("room", left.at(15), 0, 0)).isEmpty();
        assertThat(log.content("room", left.at(11), 0, 0)).isEmpty();
        assertThat(log.content("room", last.at(10), 0, 0)).isEmpty();
        trimAll(log, new Retention(6, LONG));
        assertThat(log.content("room", left, 0, 0)).isPresent();
        assertThat(log.content("room", left.at(9), 0, 0)).isEmpty();
    }

    @Test
    default void an_epoch_is_forgotten_when_even_who_stands_at_its_end_has_missed_something() throws Exception {
        Log log = node();
        append(log, "room", 10);
        Head before = head(log, "room");
        beginLife();
        append(log, "room", 10);

        trimAll(log, new Retention(10, LONG));
        assertThat(head(log, "room").first()).isEqualTo(11);
        assertThat(head(log, "room").lineage().ancestors()).containsExactly(new Lineage.Ancestor(before.epoch(), 10));
        assertThat(count("parley_epoch")).isEqualTo(1);

        trimAll(log, new Retention(9, LONG));
        assertThat(head(log, "room").lineage().ancestors()).isEmpty();
        assertThat(count("parley_epoch")).isZero();
        beginLife();
        append(log, "room", 1);
        assertThat(head(log, "room").lineage().ancestors())
                .extracting(Lineage.Ancestor::end)
                .containsExactly(20L);
    }

    @Test
    default void a_message_keeps_its_position_however_many_epochs_follow() throws Exception {
        Log log = node();
        List<Position> given = new ArrayList<>();
        for (int life = 0; life < 70; life++) {
            given.add(one(log, text("room", life)));
            beginLife();
        }

        assertThat(head(log, "room").lineage().ancestors())
                .extracting(Lineage.Ancestor::position)
                .isEqualTo(given.subList(0, 69));
        assertThat(positions(log.read("room", 0, 100, 1_000))).isEqualTo(given);
    }

    @Test
    default void the_newest_thousand_ancestors_are_kept() throws Exception {
        Log log = node();
        append(log, "room", 1);
        int ends = JdbcEpochs.ANCESTORS + 5;
        try (Connection connection = source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE parley_channel SET head = " + 2 * ends + ", branched = " + ends);
            for (int end = 1; end <= ends; end++) {
                statement.addBatch("INSERT INTO parley_epoch (channel_id, ended, epoch) SELECT id, " + end + ", 'e"
                        + end + "' FROM parley_channel");
            }
            statement.executeBatch();
        }
        beginLife();
        append(log, "room", 1);

        assertThat(count("parley_epoch")).isEqualTo(JdbcEpochs.ANCESTORS);
        assertThat(head(log, "room").lineage().ancestors())
                .extracting(Lineage.Ancestor::end)
                .endsWith((long) ends, 2L * ends);
    }

    @Test
    @Timeout(120)
    default void what_is_read_while_epochs_begin_has_the_positions_that_were_given() throws Exception {
        Set<Position> given = ConcurrentHashMap.newKeySet();
        AtomicBoolean stop = new AtomicBoolean();
        Log writer = node();
        Callable<Void> write = () -> {
            for (int i = 0; i < 60; i++) {
                for (Outcome outcome : writer.append(List.of(text("room", i), text("room", i), text("room", i)))) {
                    given.add(position(outcome));
                }
                beginLife();
            }
            stop.set(true);
            return null;
        };
        List<Position> read = new ArrayList<>();
        Callable<Void> reader = () -> {
            Log log = node();
            long after = 0;
            while (!stop.get()) {
                Slice slice = log.read("room", after, 5, 1_000);
                for (Message message : slice.messages()) {
                    assertThat(message.position())
                            .isEqualTo(
                                    slice.head().lineage().at(message.position().offset()));
                    read.add(message.position());
                    after = message.position().offset();
                }
                assertThat(slice.head().last()).isGreaterThanOrEqualTo(after);
            }
            return null;
        };

        inParallel(List.of(write, reader));

        assertThat(given).hasSize(180).containsAll(read);
        assertThat(offsetsOf(node().read("room", 0, 1_000, 100_000).messages()))
                .isEqualTo(LongStream.rangeClosed(1, 180).boxed().toList());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long count(String table) throws SQLException {
        try (Connection connection = source().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
