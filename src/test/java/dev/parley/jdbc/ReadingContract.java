package dev.parley.jdbc;

import static dev.parley.jdbc.LogContract.append;
import static dev.parley.jdbc.LogContract.binary;
import static dev.parley.jdbc.LogContract.bytes;
import static dev.parley.jdbc.LogContract.inParallel;
import static dev.parley.jdbc.LogContract.offsets;
import static dev.parley.jdbc.LogContract.offsetsOf;
import static dev.parley.jdbc.LogContract.position;
import static dev.parley.jdbc.LogContract.text;
import static dev.parley.jdbc.LogContract.textOf;
import static dev.parley.jdbc.LogContract.trimAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.log.ContentPiece;
import dev.parley.log.Head;
import dev.parley.log.Log;
import dev.parley.log.LogException;
import dev.parley.log.LogWriter;
import dev.parley.log.ManualExecutor;
import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import dev.parley.log.RecordingListener;
import dev.parley.log.Retention;
import dev.parley.log.Slice;
import dev.parley.log.WriterLimits;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Member;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every log gives back of what was published: all of it, in its order, as it was. */
public interface ReadingContract extends LogContract {

    @Test
    default void a_channel_nobody_published_to_has_no_head_and_nothing_to_read() {
        Log log = node();

        assertThat(log.heads(List.of("chat.none"))).isEmpty();
        assertThat(log.read("chat.none", 0, 10, 1000)).isEqualTo(new Slice(Head.NONE, List.of()));
        assertThat(log.content("chat.none", new Position("abc", 1))).isEmpty();
        assertThat(log.append(List.of())).isEmpty();
    }

    @Test
    default void what_is_read_is_what_was_published() {
        Log log = node();
        Body json = new Body.Json("{\"text\":\"hi\"}");
        Body png = new Body.Binary("image/png", Bytes.wrap(new byte[] {0, 1, -1}));
        Position first = position(log.append(List.of(
                        new Publication("chat.lobby", Optional.empty(), ANN, NOON, json),
                        new Publication("chat.lobby", Optional.empty(), BOB, NOON.plusNanos(999_999), png)))
                .get(0));

        Slice slice = log.read("chat.lobby", 0, 10, 1_000_000);

        assertThat(slice.head()).isEqualTo(new Head(first.epoch(), 1, 2));
        assertThat(slice.messages())
                .containsExactly(
                        new Message("chat.lobby", first.at(1), ANN, NOON, json),
                        new Message("chat.lobby", first.at(2), BOB, NOON, png));
        assertThat(first.epoch()).matches("[a-z0-9]{8}");
    }

    @Test
    default void offsets_are_contiguous_and_follow_the_order_of_the_batch_on_every_channel() {
        Log log = node();
        List<Publication> batch = IntStream.range(0, 90)
                .mapToObj(i -> text("room." + "cab".charAt(i % 3), i))
                .toList();

        List<Outcome> first = log.append(batch);
        List<Outcome> second = log.append(batch);

        assertThat(offsets(first.subList(0, 9))).containsExactly(1L, 1L, 1L, 2L, 2L, 2L, 3L, 3L, 3L);
        assertThat(offsets(second.subList(0, 3))).containsExactly(31L, 31L, 31L);
        for (String channel : List.of("room.a", "room.b", "room.c")) {
            List<Message> messages = log.read(channel, 0, 100, 1_000_000).messages();
            assertThat(offsetsOf(messages))
                    .isEqualTo(LongStream.rangeClosed(1, 60).boxed().toList());
            List<String> expected = batch.stream()
                    .filter(publication -> publication.channel().equals(channel))
                    .map(publication -> ((Body.Json) publication.body()).text())
                    .toList();
            assertThat(messages.subList(0, 30).stream().map(LogContract::textOf))
                    .isEqualTo(expected);
        }
    }

    @Test
    default void reading_begins_after_a_place_and_ends_at_the_count() {
        Log log = node();
        append(log, "room", 10);

        assertThat(offsetsOf(log.read("room", 3, 4, 1000).messages())).containsExactly(4L, 5L, 6L, 7L);
        assertThat(offsetsOf(log.read("room", 8, 4, 1000).messages())).containsExactly(9L, 10L);
        assertThat(log.read("room", 10, 4, 1000).messages()).isEmpty();
        assertThat(log.read("room", 99, 4, 1000).messages()).isEmpty();
        assertThat(log.read("room", 99, 4, 1000).head().last()).isEqualTo(10);
        assertThat(log.read("room", 0, 0, 1000).messages()).isEmpty();
    }

    @Test
    default void heads_tell_where_each_log_begins_and_ends() {
        Log log = node();
        append(log, "a", 3);
        append(log, "b", 1);
        trimAll(log, new Retention(2, Duration.ofDays(1)));

        Map<String, Head> heads = log.heads(List.of("a", "b", "c"));

        assertThat(heads).containsOnlyKeys("a", "b");
        assertThat(heads.get("a").first()).isEqualTo(2);
        assertThat(heads.get("a").last()).isEqualTo(3);
        assertThat(heads.get("b").first()).isEqualTo(1);
        assertThat(heads.get("a").epoch()).isNotEqualTo(heads.get("b").epoch());
    }

    @Test
    default void two_nodes_append_to_the_same_channels_without_a_hole_or_a_deadlock() throws Exception {
        List<Callable<List<Outcome>>> tasks = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
            Log log = node();
            List<String> channels = new ArrayList<>(List.of("x.1", "x.2", "x.3", "x.4", "x.5"));
            Collections.rotate(channels, n);
            tasks.add(() -> {
                List<Outcome> outcomes = new ArrayList<>();
                for (int i = 0; i < 25; i++) {
                    outcomes.addAll(log.append(
                            channels.stream().map(channel -> text(channel, 0)).toList()));
                }
                return outcomes;
            });
        }

        List<Position> positions = new ArrayList<>();
        for (List<Outcome> outcomes : inParallel(tasks)) {
            outcomes.forEach(outcome -> positions.add(position(outcome)));
        }

        assertThat(positions).doesNotHaveDuplicates().hasSize(500);
        for (String channel : List.of("x.1", "x.2", "x.3", "x.4", "x.5")) {
            List<Message> messages = node().read(channel, 0, 1000, 1_000_000).messages();
            assertThat(offsetsOf(messages))
                    .isEqualTo(LongStream.rangeClosed(1, 100).boxed().toList());
            assertThat(positions)
                    .containsAll(messages.stream().map(Message::position).toList());
        }
    }

    @Test
    default void nodes_that_create_the_same_channels_at_once_agree_on_their_epochs() throws Exception {
        List<Callable<List<Outcome>>> tasks = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
            Log log = node();
            List<Publication> batch = new ArrayList<>(
                    IntStream.range(0, 40).mapToObj(i -> text("new." + i, i)).toList());
            Collections.rotate(batch, 10 * n);
            tasks.add(() -> log.append(batch));
        }

        List<Position> positions = inParallel(tasks).stream()
                .flatMap(List::stream)
                .map(LogContract::position)
                .toList();

        Map<String, Head> heads =
                node().heads(IntStream.range(0, 40).mapToObj(i -> "new." + i).toList());
        assertThat(heads).hasSize(40);
        assertThat(heads.values()).allMatch(head -> head.first() == 1 && head.last() == 4);
        assertThat(positions)
                .hasSize(160)
                .doesNotHaveDuplicates()
                .extracting(Position::epoch)
                .hasSameElementsAs(heads.values().stream().map(Head::epoch).toList());
    }

    @Test
    default void every_text_that_unicode_allows_comes_back_as_it_was() {
        Log log = node();
        String odd = "\u0001\t\u007f\u0085\u00e9\u2028\ufeff\uffff\ufdd0\ud83d\ude00\udbff\udfff'\\;--%_$1?{}";
        Member member = new Member("u\ud83d\ude00'\\", Optional.of("\u202e\u0000".substring(0, 1)));
        Publication publication = new Publication("room", Optional.of("k" + odd), member, NOON, new Body.Json(odd));

        Position position = position(log.append(List.of(publication)).get(0));

        assertThat(log.read("room", 0, 10, 1000).messages())
                .containsExactly(new Message("room", position, member, NOON, new Body.Json(odd)));
        assertThat(log.append(List.of(publication))).containsExactly(new Outcome.Repeated(position));
    }

    @Test
    default void text_that_a_database_cannot_hold_is_refused_alone() {
        Log log = node();
        Member nul = new Member("a\0b", Optional.empty());
        Member half = new Member("ann", Optional.of("\ud83d"));

        List<Outcome> outcomes = log.append(List.of(
                text("room", 1),
                new Publication("room", Optional.empty(), nul, NOON, new Body.Json("1")),
                new Publication("room", Optional.empty(), half, NOON, new Body.Json("1")),
                new Publication("room", Optional.of("k\0"), ANN, NOON, new Body.Json("1")),
                new Publication("room", Optional.empty(), ANN, NOON, new Body.Json("\"\ude00\"")),
                text("room", 2)));

        assertThat(outcomes.subList(1, 5))
                .containsExactly(
                        new Outcome.Refused(ErrorCode.INVALID_NAME),
                        new Outcome.Refused(ErrorCode.INVALID_NAME),
                        new Outcome.Refused(ErrorCode.INVALID_NAME),
                        new Outcome.Refused(ErrorCode.MALFORMED));
        assertThat(position(outcomes.get(0)).offset()).isEqualTo(1);
        assertThat(position(outcomes.get(5)).offset()).isEqualTo(2);
        assertThat(log.read("room", 0, 10, 1000).messages()).hasSize(2);
    }

    @Test
    default void what_the_database_refuses_leaves_nothing_of_the_batch() {
        Log log = node();
        Member tooLong = new Member("u".repeat(300), Optional.empty());
        List<Publication> batch =
                List.of(text("room", 1), new Publication("room", Optional.empty(), tooLong, NOON, new Body.Json("1")));

        assertThatThrownBy(() -> log.append(batch))
                .isInstanceOfSatisfying(
                        LogException.class, e -> assertThat(e.kind()).isEqualTo(LogException.Kind.REFUSED));

        assertThat(log.heads(List.of("room"))).isEmpty();
        assertThat(offsets(log.append(List.of(text("room", 1))))).containsExactly(1L);
    }

    @Test
    default void a_large_binary_is_read_as_a_reference_and_its_bytes_as_content() {
        Log log = node();
        byte[] large = bytes(2_412_880);
        byte[] inline = bytes(INLINE);
        List<Outcome> outcomes =
                log.append(List.of(binary("room", large), binary("room", inline), binary("room", bytes(INLINE + 1))));
        Position position = position(outcomes.get(0));

        List<Message> messages = log.read("room", 0, 10, 10_000_000).messages();

        assertThat(messages.get(0).body()).isEqualTo(new Body.Reference("image/png", large.length));
        assertThat(messages.get(1).body()).isEqualTo(new Body.Binary("image/png", Bytes.wrap(inline)));
        assertThat(messages.get(2).body()).isEqualTo(new Body.Reference("image/png", INLINE + 1));
        assertThat(log.content("room", position)).contains(new Body.Binary("image/png", Bytes.wrap(large)));
        assertThat(log.content("room", position.at(2))).contains(new Body.Binary("image/png", Bytes.wrap(inline)));
    }

    @Test
    default void a_piece_of_content_is_read_by_itself() {
        Log log = node();
        byte[] large = bytes(2_412_880);
        byte[] small = bytes(1_000);
        String json = "\"" + "x".repeat(700_000) + "\"";
        List<Outcome> outcomes = log.append(List.of(
                binary("room", large),
                binary("room", small),
                new Publication("room", Optional.empty(), ANN, NOON, new Body.Json(json))));
        Position position = position(outcomes.get(0));
        int part = 256 * 1024;

        for (int[] piece : new int[][] {{0, 10}, {part - 5, 10}, {part, 1}, {100_000, 700_000}, {2_412_870, 10}}) {
            assertThat(log.content("room", position, piece[0], piece[1]))
                    .contains(new ContentPiece(
                            "image/png",
                            large.length,
                            Bytes.wrap(Arrays.copyOfRange(large, piece[0], piece[0] + piece[1]))));
        }
        Bytes nothing = Bytes.wrap(new byte[0]);
        assertThat(log.content("room", position, 2_412_000, Integer.MAX_VALUE)
                        .orElseThrow()
                        .bytes())
                .isEqualTo(Bytes.wrap(Arrays.copyOfRange(large, 2_412_000, large.length)));
        assertThat(log.content("room", position, 0, 0)).contains(new ContentPiece("image/png", large.length, nothing));
        assertThat(log.content("room", position, 5_000_000, 10))
                .contains(new ContentPiece("image/png", large.length, nothing));
        assertThat(log.content("room", position.at(2), 990, 20))
                .contains(new ContentPiece("image/png", 1_000, Bytes.wrap(Arrays.copyOfRange(small, 990, 1_000))));
        assertThat(log.content("room", position.at(2), 0, 0)).contains(new ContentPiece("image/png", 1_000, nothing));
        assertThat(log.content("room", position.at(2), 2_000, 10))
                .contains(new ContentPiece("image/png", 1_000, nothing));
        assertThat(log.content("room", position.at(3), 700_000, 10))
                .contains(new ContentPiece(
                        "application/json", 700_002, Bytes.wrap("x\"".getBytes(StandardCharsets.UTF_8))));
        assertThat(log.content("room", position.at(4), 0, 10)).isEmpty();
    }

    @Test
    default void content_is_empty_for_another_epoch_and_for_what_was_trimmed() {
        Log log = node();
        List<Outcome> outcomes = log.append(List.of(binary("room", bytes(300_000)), text("room", 1)));
        Position position = position(outcomes.get(0));

        assertThat(log.content("room", position.at(2)))
                .contains(new Body.Binary("application/json", Bytes.wrap("1".getBytes(StandardCharsets.UTF_8))));
        assertThat(log.content("room", position.at(3))).isEmpty();
        assertThat(log.content("room", new Position("other", 1))).isEmpty();
        assertThat(log.content("other", position)).isEmpty();
        trimAll(log, new Retention(1, Duration.ofDays(1)));
        assertThat(log.content("room", position)).isEmpty();
    }

    @Test
    default void large_json_is_read_as_a_reference_and_comes_back_whole_as_content() {
        Log log = node();
        String large = "\"" + "\u00e4".repeat(700_000) + "\"";
        String inline = "\"" + "x".repeat(INLINE - 2) + "\"";
        List<Outcome> outcomes = log.append(List.of(json(large), json(inline), text("room", 1)));

        List<Message> messages = log.read("room", 0, 10, 10_000_000).messages();

        assertThat(messages).hasSize(3);
        assertThat(messages.get(0).body()).isEqualTo(new Body.Reference("application/json", 1_400_002));
        assertThat(textOf(messages.get(1))).isEqualTo(inline);
        assertThat(log.readBefore("room", 4, 10, 10_000_000).messages()).isEqualTo(messages);
        assertThat(log.content("room", position(outcomes.get(0))))
                .contains(new Body.Binary("application/json", Bytes.wrap(large.getBytes(StandardCharsets.UTF_8))));
    }

    private static Publication json(String text) {
        return new Publication("room", Optional.empty(), ANN, NOON, new Body.Json(text));
    }

    @Test
    default void a_read_ends_before_the_bytes_are_too_many_but_gives_one_message_always() {
        Log log = node();
        log.append(List.of(
                binary("room", bytes(1000)),
                binary("room", bytes(1000)),
                binary("room", bytes(500_000)),
                binary("room", bytes(1000)),
                binary("room", bytes(1000))));

        assertThat(offsetsOf(log.read("room", 0, 10, 1).messages())).containsExactly(1L);
        assertThat(offsetsOf(log.read("room", 0, 10, 1999).messages())).containsExactly(1L);
        assertThat(offsetsOf(log.read("room", 0, 10, 2000).messages())).containsExactly(1L, 2L, 3L);
        assertThat(offsetsOf(log.read("room", 0, 10, 3500).messages())).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    default void in_a_batch_through_the_writer_only_the_offender_fails() throws Exception {
        Log log = node();
        Member tooLong = new Member("u".repeat(300), Optional.empty());
        List<Outcome> outcomes = Collections.synchronizedList(new ArrayList<>());
        RecordingListener listener = new RecordingListener();
        ManualExecutor executor = new ManualExecutor();
        LogWriter writer = new LogWriter(log, executor, listener, WriterLimits.DEFAULT, INLINE);

        for (int i = 0; i < 20; i++) {
            Member from = i == 13 ? tooLong : ANN;
            writer.publish(new Publication("room", Optional.empty(), from, NOON, new Body.Json("" + i)), outcomes::add);
        }
        executor.runAll();

        assertThat(outcomes).hasSize(20);
        assertThat(outcomes.get(13))
                .isEqualTo(new Outcome.Refused(ErrorCode.REJECTED, "The log cannot store this message."));
        assertThat(log.read("room", 0, 100, 1000).messages()).isEqualTo(listener.messages());
        assertThat(offsetsOf(listener.messages()))
                .isEqualTo(LongStream.rangeClosed(1, 19).boxed().toList());
        assertThat(listener.messages().stream().map(LogContract::textOf))
                .isEqualTo(IntStream.range(0, 20)
                        .filter(i -> i != 13)
                        .mapToObj(i -> "" + i)
                        .toList());
    }
}
