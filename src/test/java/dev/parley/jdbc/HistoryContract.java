package dev.parley.jdbc;

import static dev.parley.jdbc.LogContract.append;
import static dev.parley.jdbc.LogContract.binary;
import static dev.parley.jdbc.LogContract.bytes;
import static dev.parley.jdbc.LogContract.offsetsOf;
import static dev.parley.jdbc.LogContract.textOf;
import static dev.parley.jdbc.LogContract.trimAll;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.log.Head;
import dev.parley.log.Log;
import dev.parley.log.Publication;
import dev.parley.log.Retention;
import dev.parley.log.Slice;
import dev.parley.protocol.Body;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every log says when it is read backwards. */
public interface HistoryContract extends LogContract {

    @Test
    default void looking_back_gives_the_newest_before_a_place_in_order() {
        Log log = node();
        append(log, "room", 10);

        assertThat(offsetsOf(log.readBefore("room", 7, 3, 1000).messages())).containsExactly(4L, 5L, 6L);
        assertThat(offsetsOf(log.readBefore("room", 3, 5, 1000).messages())).containsExactly(1L, 2L);
        assertThat(offsetsOf(log.readBefore("room", Long.MAX_VALUE, 2, 1000).messages()))
                .containsExactly(9L, 10L);
        assertThat(log.readBefore("room", 7, 3, 1000).messages())
                .extracting(LogContract::textOf)
                .containsExactly("3", "4", "5");
        assertThat(log.readBefore("room", 1, 5, 1000))
                .isEqualTo(new Slice(log.heads(List.of("room")).get("room"), List.of()));
        assertThat(log.readBefore("room", 0, 5, 1000).messages()).isEmpty();
        assertThat(log.readBefore("none", 5, 5, 1000)).isEqualTo(new Slice(Head.NONE, List.of()));
    }

    @Test
    default void looking_back_keeps_to_the_bytes_but_gives_one_message_always() {
        Log log = node();
        String long50 = "\"" + "x".repeat(48) + "\"";
        for (String text : List.of("1", "2", long50, "4", "5")) {
            log.append(List.of(new Publication("room", Optional.empty(), ANN, NOON, new Body.Json(text))));
        }

        assertThat(offsetsOf(log.readBefore("room", 6, 10, 52).messages())).containsExactly(3L, 4L, 5L);
        assertThat(offsetsOf(log.readBefore("room", 6, 10, 51).messages())).containsExactly(4L, 5L);
        assertThat(offsetsOf(log.readBefore("room", 4, 10, 10).messages())).containsExactly(3L);
    }

    @Test
    default void looking_back_mentions_bytes_and_counts_them_not() {
        Log log = node();
        append(log, "room", 1);
        log.append(List.of(binary("room", bytes(10)), binary("room", bytes(200_000))));

        List<dev.parley.protocol.Message> messages =
                log.readBefore("room", 4, 10, 1).messages();

        assertThat(textOf(messages.get(0))).isEqualTo("0");
        assertThat(messages.get(1).body()).isEqualTo(new Body.Reference("image/png", 10));
        assertThat(messages.get(2).body()).isEqualTo(new Body.Reference("image/png", 200_000));
    }

    @Test
    default void looking_back_ends_where_the_history_does() {
        Log log = node();
        append(log, "room", 10);
        trimAll(log, new Retention(4, Duration.ofDays(1)));

        Slice slice = log.readBefore("room", 9, 100, 1000);

        assertThat(offsetsOf(slice.messages())).containsExactly(7L, 8L);
        assertThat(slice.head().first()).isEqualTo(7);
        assertThat(log.readBefore("room", 7, 100, 1000).messages()).isEmpty();
    }
}
