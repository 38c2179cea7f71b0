package dev.parley.jdbc;

import static dev.parley.jdbc.LogContract.append;
import static dev.parley.jdbc.LogContract.offsetsOf;
import static dev.parley.jdbc.LogContract.trimAll;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.log.Head;
import dev.parley.log.Log;
import dev.parley.log.Publication;
import dev.parley.log.Retention;
import dev.parley.log.Slice;
import dev.parley.protocol.Body;
import dev.parley.protocol.Position;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every log gives where somebody has deleted from the middle of it: all that is there, and then it ends. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public interface HolesContract extends LogContract {

    private void delete(String where) throws SQLException {
        execute("DELETE FROM parley_message WHERE " + where);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Pages of so many, as a reader goes on: from the last that it was given, or to the head where there was none. */
    private static List<List<Long>> forward(Log log, int count) {
        List<List<Long>> pages = new ArrayList<>();
        long after = 0;
        long last = 1;
        while (after < last) {
            Slice slice = log.read("room", after, count, 1_000_000);
            List<Long> offsets = offsetsOf(slice.messages());
            last = slice.head().last();
            after = offsets.isEmpty() ? last : offsets.get(offsets.size() - 1);
            pages.add(offsets);
        }
        return pages;
    }

    /** Pages of so many, as long as there is more. */
    private static List<List<Long>> backward(Log log, int count) {
        List<List<Long>> pages = new ArrayList<>();
        long before = Long.MAX_VALUE;
        boolean more = true;
        while (more) {
            Slice slice = log.readBefore("room", before, count, 1_000_000);
            List<Long> offsets = offsetsOf(slice.messages());
            pages.add(offsets);
            more = !offsets.isEmpty() && offsets.get(0) > slice.head().first();
            before = more ? offsets.get(0) : before;
        }
        return pages;
    }

    @Test
    default void a_hole_in_the_middle_ends_a_page_and_the_next_begins_behind_it() throws Exception {
        Log log = node();
        append(log, "room", 20);
        delete("pos BETWEEN 8 AND 12");

        assertThat(forward(log, 5))
                .containsExactly(
                        List.of(1L, 2L, 3L, 4L, 5L),
                        List.of(6L, 7L),
                        List.of(13L, 14L, 15L, 16L, 17L),
                        List.of(18L, 19L, 20L));
        assertThat(backward(log, 5))
                .containsExactly(
                        List.of(16L, 17L, 18L, 19L, 20L),
                        List.of(13L, 14L, 15L),
                        List.of(3L, 4L, 5L, 6L, 7L),
                        List.of(1L, 2L));
        assertThat(offsetsOf(log.readBefore("room", 10, 5, 1_000).messages())).containsExactly(5L, 6L, 7L);
        assertThat(offsetsOf(log.read("room", 9, 5, 1_000).messages())).startsWith(13L);
        assertThat(log.heads(List.of("room")).get("room").first()).isEqualTo(1);
    }

    @Test
    default void a_hole_that_is_larger_than_many_pages_is_passed() throws Exception {
        Log log = node();
        append(log, "room", 1_000);
        append(log, "room", 1_000);
        delete("pos BETWEEN 4 AND 800 OR pos BETWEEN 802 AND 1997");

        assertThat(forward(log, 10)).containsExactly(List.of(1L, 2L, 3L), List.of(801L), List.of(1998L, 1999L, 2000L));
        assertThat(backward(log, 10)).containsExactly(List.of(1998L, 1999L, 2000L), List.of(801L), List.of(1L, 2L, 3L));
    }

    @Test
    default void a_hole_at_the_end_is_the_end_and_one_at_the_beginning_a_later_beginning() throws Exception {
        Log log = node();
        append(log, "room", 20);
        delete("pos <= 3 OR pos > 15");

        Slice end = log.read("room", 15, 5, 1_000);
        assertThat(end.messages()).isEmpty();
        assertThat(end.head().last()).isEqualTo(20);
        assertThat(forward(log, 20))
                .containsExactly(List.of(4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L, 14L, 15L), List.of());
        assertThat(backward(log, 10))
                .containsExactly(List.of(11L, 12L, 13L, 14L, 15L), List.of(4L, 5L, 6L, 7L, 8L, 9L, 10L));
        append(log, "room", 1);
        assertThat(offsetsOf(log.read("room", 15, 5, 1_000).messages())).containsExactly(21L);
    }

    @Test
    default void nothing_is_left_of_a_log_that_was_deleted_whole() throws Exception {
        Log log = node();
        append(log, "room", 5);
        delete("pos > 0");

        Head head = log.heads(List.of("room")).get("room");
        assertThat(head.first()).isEqualTo(6);
        assertThat(log.read("room", 0, 5, 1_000)).isEqualTo(new Slice(head, List.of()));
        assertThat(log.readBefore("room", 6, 5, 1_000)).isEqualTo(new Slice(head, List.of()));
    }

    @Test
    default void a_message_of_which_a_part_is_missing_is_a_hole() throws Exception {
        Log log = new JdbcLog(source(), 1_000_000);
        append(log, "room", 2);
        log.append(Collections.nCopies(3, json(700_000)));
        append(log, "room", 2);
        execute("DELETE FROM parley_part WHERE part = 1 AND pos IN (3, 5)");

        assertThat(forward(log, 10)).containsExactly(List.of(1L, 2L), List.of(4L), List.of(6L, 7L));
        assertThat(backward(log, 10)).containsExactly(List.of(6L, 7L), List.of(4L), List.of(1L, 2L));
        Position third = log.heads(List.of("room")).get("room").lineage().at(3);
        assertThat(log.content("room", third)).isEmpty();
        assertThat(log.content("room", third.at(4))).isPresent();
    }

    @Test
    default void messages_whose_parts_are_all_missing_are_no_end_before_the_last() throws Exception {
        Log log = new JdbcLog(source(), 1_000_000);
        append(log, "room", 1);
        for (int i = 0; i < 6; i++) {
            log.append(Collections.nCopies(2, json(300_000)));
        }
        append(log, "room", 1);
        execute("DELETE FROM parley_part");

        assertThat(forward(log, 3)).containsExactly(List.of(1L), List.of(14L));
        assertThat(backward(log, 3)).containsExactly(List.of(14L), List.of(1L));
        execute("DELETE FROM parley_message WHERE pos IN (1, 14)");
        assertThat(forward(log, 3)).containsExactly(List.of());
        assertThat(backward(log, 3)).containsExactly(List.of());
    }

    @Test
    default void a_log_with_holes_is_trimmed_over_them() throws Exception {
        Log log = node();
        append(log, "room", 20);
        delete("pos BETWEEN 2 AND 9 OR pos BETWEEN 12 AND 14");

        trimAll(log, new Retention(10, Duration.ofDays(1)));
        assertThat(offsetsOf(log.read("room", 0, 20, 1_000).messages())).containsExactly(11L);
        trimAll(log, new Retention(8, Duration.ofDays(1)));
        assertThat(log.heads(List.of("room")).get("room").first()).isEqualTo(15);
    }

    @Test
    default void the_bytes_of_a_page_are_bounded_beside_holes_too() throws Exception {
        Log log = node();
        append(log, "room", 9);
        delete("pos = 5");

        assertThat(offsetsOf(log.read("room", 0, 10, 3).messages())).containsExactly(1L, 2L, 3L);
        assertThat(offsetsOf(log.readBefore("room", 10, 10, 3).messages())).containsExactly(7L, 8L, 9L);
        assertThat(offsetsOf(log.readBefore("room", 7, 10, 3).messages())).containsExactly(6L);
        assertThat(offsetsOf(log.readBefore("room", 6, 10, 3).messages())).containsExactly(2L, 3L, 4L);
    }

    private static Publication json(int size) {
        String text = "\"" + "x".repeat(size) + "\"";
        return new Publication("room", Optional.empty(), ANN, NOON, new Body.Json(text));
    }
}
