package dev.parley.jdbc;

import static dev.parley.jdbc.LogContract.append;
import static dev.parley.jdbc.LogContract.keyed;
import static dev.parley.jdbc.LogContract.offsets;
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
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every log makes of a key: what comes again with it is stored once. */
public interface KeysContract extends LogContract {

    @Test
    default void a_key_published_again_with_the_same_content_keeps_its_position() {
        Log log = node();
        Position first =
                position(log.append(List.of(keyed("room", "k1", ANN, "1"))).get(0));

        List<Outcome> again = log.append(List.of(
                text("room", 7), keyed("room", "k1", ANN, "1"), text("room", 8), keyed("room", "k1", ANN, "1")));

        assertThat(again.get(1)).isEqualTo(new Outcome.Repeated(first));
        assertThat(again.get(3)).isEqualTo(new Outcome.Repeated(first));
        assertThat(position(again.get(2))).isEqualTo(first.at(3));
        assertThat(log.heads(List.of("room")).get("room").last()).isEqualTo(3);
        assertThat(offsets(log.append(List.of(text("room", 9))))).containsExactly(4L);
    }

    @Test
    default void a_key_with_other_content_is_refused() {
        Log log = node();
        log.append(List.of(keyed("room", "k1", ANN, "1")));

        assertThat(log.append(List.of(keyed("room", "k1", ANN, "2"))))
                .containsExactly(new Outcome.Refused(ErrorCode.KEY_REUSED));
        Publication binary = new Publication(
                "room",
                Optional.of("k1"),
                ANN,
                NOON,
                new Body.Binary("", Bytes.wrap("1".getBytes(StandardCharsets.UTF_8))));
        assertThat(log.append(List.of(binary))).containsExactly(new Outcome.Refused(ErrorCode.KEY_REUSED));
        assertThat(log.heads(List.of("room")).get("room").last()).isEqualTo(1);
    }

    @Test
    default void a_key_belongs_to_one_user_on_one_channel() {
        Log log = node();

        List<Outcome> outcomes = log.append(
                List.of(keyed("room", "k1", ANN, "1"), keyed("room", "k1", BOB, "2"), keyed("hall", "k1", ANN, "3")));

        assertThat(offsets(outcomes)).containsExactly(1L, 2L, 1L);
    }

    @Test
    default void a_key_that_comes_twice_in_one_batch_is_stored_once() {
        Log log = node();

        List<Outcome> outcomes = log.append(List.of(
                keyed("room", "k1", ANN, "1"),
                keyed("room", "k1", ANN, "1"),
                keyed("room", "k1", ANN, "2"),
                keyed("room", "k2", ANN, "3")));

        Position first = position(outcomes.get(0));
        assertThat(outcomes)
                .containsExactly(
                        new Outcome.Appended(first),
                        new Outcome.Repeated(first),
                        new Outcome.Refused(ErrorCode.KEY_REUSED),
                        new Outcome.Appended(first.at(2)));
        assertThat(log.read("room", 0, 10, 1000).messages()).hasSize(2);
    }

    @Test
    default void keys_epochs_and_messages_outlive_a_restart() {
        Position first =
                position(node().append(List.of(keyed("room", "k1", ANN, "1"))).get(0));

        restartStore();

        Log log = node();
        assertThat(log.append(List.of(keyed("room", "k1", ANN, "1")))).containsExactly(new Outcome.Repeated(first));
        assertThat(offsets(log.append(List.of(text("room", 2))))).containsExactly(2L);
        assertThat(log.append(List.of(keyed("room", "k1", ANN, "1")))).containsExactly(new Outcome.Repeated(first));
        assertThat(offsetsOf(log.read("room", 0, 10, 1000).messages())).containsExactly(1L, 2L);
        assertThat(log.read("room", 0, 1, 1000).messages().get(0).position()).isEqualTo(first);
    }

    @Test
    default void a_key_is_remembered_after_20_000_newer_messages_and_when_its_message_is_trimmed() {
        Log log = node();
        Position first =
                position(log.append(List.of(keyed("room", "k1", ANN, "1"))).get(0));
        for (int i = 0; i < 20; i++) {
            append(log, "room", 1000);
        }
        trimAll(log, new Retention(100, Duration.ofDays(1)));
        assertThat(log.heads(List.of("room")).get("room")).isEqualTo(new Head(first.epoch(), 19_902, 20_001));

        assertThat(log.append(List.of(keyed("room", "k1", ANN, "1")))).containsExactly(new Outcome.Repeated(first));
    }

    @Test
    default void a_key_is_forgotten_after_its_age() {
        Log log = node(Clock.fixed(NOON.plus(Duration.ofHours(25)), ZoneOffset.UTC));
        log.append(List.of(keyed("room", "old", ANN, "1")));
        Publication recent =
                new Publication("room", Optional.of("new"), ANN, NOON.plus(Duration.ofHours(2)), new Body.Json("1"));
        log.append(List.of(recent));

        trimAll(log, new Retention(100, Duration.ofDays(7)));

        Position third =
                position(log.append(List.of(keyed("room", "old", ANN, "1"))).get(0));
        assertThat(third.offset()).isEqualTo(3);
        assertThat(log.append(List.of(recent))).containsExactly(new Outcome.Repeated(third.at(2)));
    }
}
