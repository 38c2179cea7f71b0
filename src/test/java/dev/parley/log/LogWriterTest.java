package dev.parley.log;

import static dev.parley.jdbc.LogContract.ANN;
import static dev.parley.jdbc.LogContract.NOON;
import static dev.parley.jdbc.LogContract.binary;
import static dev.parley.jdbc.LogContract.bytes;
import static dev.parley.jdbc.LogContract.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.jdbc.LogContract;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LogWriterTest {
    private static final Outcome UNAVAILABLE = new Outcome.Refused(ErrorCode.UNAVAILABLE);
    private static final Outcome UNSTORABLE =
            new Outcome.Refused(ErrorCode.REJECTED, "The log cannot store this message.");

    private final ScriptedLog log = new ScriptedLog();
    private final ManualExecutor executor = new ManualExecutor();
    private final RecordingListener listener = new RecordingListener();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final LogWriter writer = new LogWriter(log, executor, listener, WriterLimits.DEFAULT, 1000);

    @Test
    void what_is_published_meanwhile_is_committed_together_whatever_the_channel() {
        publish(text("a", 1));
        log.beforeAppend(() -> {
            log.beforeAppend(() -> {});
            publish(text("b", 2));
            publish(text("c", 3));
        });

        executor.runAll();

        assertThat(log.batches().stream().map(List::size)).containsExactly(1, 2);
        assertThat(outcomes).containsExactly(appended(1), appended(1), appended(1));
        assertThat(log.batches().get(1)).extracting(Publication::channel).containsExactly("b", "c");
        assertThat(writer.status().batches()).isEqualTo(2);
        assertThat(writer.status().messages()).isEqualTo(3);
        assertThat(writer.status().lastCommit()).isPresent();
    }

    @Test
    void no_task_runs_while_there_is_nothing_to_write() {
        assertThat(executor.waiting()).isZero();
        publish(text("a", 1));
        publish(text("a", 2));
        assertThat(executor.waiting()).isEqualTo(1);
        executor.runAll();
        publish(text("a", 3));
        assertThat(executor.waiting()).isEqualTo(1);
    }

    @Test
    void a_batch_is_bounded_in_messages_and_in_bytes() {
        LogWriter small = new LogWriter(log, executor, listener, new WriterLimits(3, 5_000, 100, 1_000_000), 1000);
        for (int i = 0; i < 7; i++) {
            small.publish(text("a", i), outcomes::add);
        }
        small.publish(binary("a", bytes(4_000)), outcomes::add);
        small.publish(binary("a", bytes(9_000)), outcomes::add);
        small.publish(binary("a", bytes(10)), outcomes::add);

        executor.runAll();

        assertThat(log.batches().stream().map(List::size)).containsExactly(3, 3, 2, 1, 1);
        assertThat(outcomes).isEqualTo(appended(1, 10));
    }

    @Test
    void the_listener_gets_what_a_reader_of_the_log_would_get() {
        Instant precise = NOON.plusNanos(456_789);
        writer.publish(new Publication("a", Optional.of("k"), ANN, precise, new Body.Json("1")), outcomes::add);
        publish(binary("a", bytes(1000)));
        publish(binary("a", bytes(1001)));
        publish(new Publication("a", Optional.empty(), ANN, NOON, new Body.Json("\"" + "x".repeat(999) + "\"")));

        executor.runAll();

        List<Message> messages = listener.messages();
        assertThat(messages.get(0))
                .isEqualTo(new Message(
                        "a",
                        new Position("scripted", 1),
                        ANN,
                        precise.truncatedTo(ChronoUnit.MILLIS),
                        new Body.Json("1")));
        assertThat(messages.get(1).body()).isEqualTo(new Body.Binary("image/png", Bytes.wrap(bytes(1000))));
        assertThat(messages.get(2).body()).isEqualTo(new Body.Reference("image/png", 1001));
        assertThat(messages.get(3).body()).isEqualTo(new Body.Reference("application/json", 1001));
        assertThat(messages.stream().map(Message::position))
                .isEqualTo(outcomes.stream().map(LogContract::position).toList());
    }

    @Test
    void publishers_are_told_before_the_listener() {
        List<String> order = new ArrayList<>();
        CommitListener noting = new CommitListener() {
            @Override
            public void committed(List<Message> messages) {
                order.add("listener " + messages.size());
            }

            @Override
            public void doubtful(Collection<String> channels) {}
        };
        LogWriter noted = new LogWriter(log, executor, noting, WriterLimits.DEFAULT, 1000);
        noted.publish(text("a", 1), outcome -> order.add("first"));
        noted.publish(text("a", 2), outcome -> order.add("second"));

        executor.runAll();

        assertThat(order).containsExactly("first", "second", "listener 2");
    }

    @Test
    void of_a_batch_that_the_log_refuses_only_the_offenders_fail_and_the_rest_keep_their_order() {
        log.refuse(publication -> List.of("3", "4", "11").contains(json(publication)));
        IntStream.range(0, 16).forEach(i -> publish(text("room." + i % 2, i)));

        executor.runAll();

        assertThat(outcomes).hasSize(16);
        List<Outcome> told = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            if (List.of(3, 4, 11).contains(i)) {
                assertThat(outcomes.get(i)).isEqualTo(UNSTORABLE);
            } else {
                told.add(outcomes.get(i));
            }
        }
        assertThat(listener.messages().stream().<Outcome>map(message -> new Outcome.Appended(message.position())))
                .isEqualTo(told);
        assertThat(listener.messages().stream().map(LogContract::textOf))
                .containsExactly("0", "1", "2", "5", "6", "7", "8", "9", "10", "12", "13", "14", "15");
        assertThat(writer.status().available()).isTrue();
    }

    @Test
    void when_the_log_is_away_all_that_is_queued_is_refused_after_one_attempt() {
        log.fail(LogException.Kind.UNAVAILABLE);
        IntStream.range(0, 2_500).forEach(i -> publish(text("a", i)));

        executor.runAll();

        assertThat(log.batches()).hasSize(1);
        assertThat(outcomes).hasSize(2_500).containsOnly(UNAVAILABLE);
        assertThat(listener.doubtful()).isEmpty();
        assertThat(writer.status().available()).isFalse();
        assertThat(writer.status().lastFailure())
                .map(WriterStatus.Failure::message)
                .contains("scripted");
    }

    @Test
    void while_one_attempt_finds_out_whether_the_log_is_back_others_are_refused_at_once() {
        log.fail(LogException.Kind.UNAVAILABLE);
        publish(text("a", 1));
        executor.runAll();
        outcomes.clear();

        publish(text("a", 2));
        List<Outcome> meanwhile = new ArrayList<>();
        log.beforeAppend(() -> {
            publish(text("a", 3));
            meanwhile.addAll(outcomes);
            log.recover();
        });
        executor.runAll();

        assertThat(meanwhile).containsExactly(UNAVAILABLE);
        assertThat(outcomes).containsExactly(UNAVAILABLE, appended(1));
        assertThat(writer.status().available()).isTrue();
        publish(text("a", 4));
        assertThat(outcomes).hasSize(2);
    }

    @Test
    void when_nobody_knows_whether_a_batch_was_stored_its_channels_are_doubtful_and_the_next_is_tried() {
        log.fail(LogException.Kind.IN_DOUBT);
        publish(text("a", 1));
        publish(text("b", 2));
        executor.runAll();
        assertThat(outcomes).containsExactly(UNAVAILABLE, UNAVAILABLE);
        assertThat(listener.doubtful()).containsExactly("a", "b");
        assertThat(listener.messages()).isEmpty();

        log.recover();
        publish(text("c", 3));
        executor.runAll();
        assertThat(outcomes.get(2)).isEqualTo(appended(1));
        assertThat(listener.messages()).extracting(Message::channel).containsExactly("c");
    }

    @Test
    void a_failure_that_the_log_does_not_explain_is_in_doubt() {
        log.fail(new IllegalStateException("scripted"));
        publish(text("a", 1));

        executor.runAll();

        assertThat(outcomes).containsExactly(UNAVAILABLE);
        assertThat(listener.doubtful()).containsExactly("a");
    }

    @Test
    void when_the_log_goes_away_between_two_halves_the_rest_is_refused() {
        log.refuse(publication -> json(publication).equals("0"));
        log.beforeAppend(() -> {
            if (log.batches().size() == 4) {
                log.fail(LogException.Kind.UNAVAILABLE);
            }
        });
        IntStream.range(0, 8).forEach(i -> publish(text("a", i)));

        executor.runAll();

        assertThat(outcomes).hasSize(8).containsOnly(UNAVAILABLE);
        assertThat(log.batches().stream().map(List::size)).containsExactly(8, 4, 2, 1);
        assertThat(listener.messages()).isEmpty();
    }

    @Test
    void more_than_the_queue_may_hold_is_refused_at_once() {
        LogWriter small = new LogWriter(log, executor, listener, new WriterLimits(10, 10_000, 3, 100_000), 1000);
        for (int i = 0; i < 5; i++) {
            small.publish(text("a", i), outcomes::add);
        }
        assertThat(outcomes).containsExactly(UNAVAILABLE, UNAVAILABLE);
        assertThat(small.status().queued()).isEqualTo(3);
        executor.runAll();
        small.publish(binary("a", bytes(90_000)), outcomes::add);
        small.publish(binary("a", bytes(90_000)), outcomes::add);
        assertThat(outcomes)
                .containsExactly(UNAVAILABLE, UNAVAILABLE, appended(1), appended(2), appended(3), UNAVAILABLE);
        executor.runAll();
        assertThat(outcomes).hasSize(7).endsWith(appended(4));
        assertThat(small.status().queuedBytes()).isZero();
    }

    @Test
    void one_message_larger_than_the_whole_queue_is_taken_when_nothing_waits() {
        LogWriter small = new LogWriter(log, executor, listener, new WriterLimits(10, 1_000, 3, 1_000), 1000);
        small.publish(binary("a", bytes(90_000)), outcomes::add);
        executor.runAll();
        assertThat(outcomes).containsExactly(appended(1));
    }

    @Test
    void a_callback_or_a_listener_that_throws_harms_nobody_else() {
        CommitListener failing = new CommitListener() {
            @Override
            public void committed(List<Message> messages) {
                throw new IllegalStateException("scripted");
            }

            @Override
            public void doubtful(Collection<String> channels) {
                throw new IllegalStateException("scripted");
            }
        };
        LogWriter harmed = new LogWriter(log, executor, failing, WriterLimits.DEFAULT, 1000);
        harmed.publish(text("a", 1), outcome -> {
            throw new IllegalStateException("scripted");
        });
        harmed.publish(text("a", 2), outcomes::add);
        executor.runAll();
        log.fail(LogException.Kind.IN_DOUBT);
        harmed.publish(text("a", 3), outcomes::add);
        executor.runAll();
        log.recover();
        harmed.publish(text("a", 4), outcomes::add);
        executor.runAll();

        assertThat(outcomes).containsExactly(appended(2), UNAVAILABLE, appended(3));
    }

    @Test
    void closing_writes_what_is_queued_and_refuses_what_comes_later() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch proceed = new CountDownLatch(1);
        log.beforeAppend(() -> {
            busy.countDown();
            awaitQuietly(proceed);
        });
        List<Outcome> told = Collections.synchronizedList(new ArrayList<>());
        LogWriter closing = new LogWriter(log, threads, listener, WriterLimits.DEFAULT, 1000);
        for (int i = 0; i < 2_100; i++) {
            closing.publish(text("a", i), told::add);
        }
        assertThat(busy.await(30, TimeUnit.SECONDS)).isTrue();
        ExecutorService closer = Executors.newSingleThreadExecutor();
        var closed = closer.submit(closing::close);
        await().until(() -> {
            List<Outcome> late = new ArrayList<>();
            closing.publish(text("a", 9), late::add);
            return late.equals(List.of(UNAVAILABLE));
        });
        proceed.countDown();
        closed.get(30, TimeUnit.SECONDS);

        assertThat(told).isEqualTo(appended(1, 2_100));
        threads.shutdown();
        closer.shutdown();
    }

    @Test
    void closing_from_a_callback_does_not_wait_for_itself() {
        writer.publish(text("a", 1), outcome -> {
            writer.close();
            outcomes.add(outcome);
        });
        executor.runAll();
        assertThat(outcomes).containsExactly(appended(1));
        publish(text("a", 2));
        assertThat(outcomes).containsExactly(appended(1), UNAVAILABLE);
    }

    @Test
    void an_executor_that_takes_no_more_work_refuses_publishers_instead_of_letting_them_wait() {
        LogWriter rejected = new LogWriter(
                log,
                task -> {
                    throw new RejectedExecutionException("scripted");
                },
                listener,
                WriterLimits.DEFAULT,
                1000);
        rejected.publish(text("a", 1), outcomes::add);
        rejected.publish(text("a", 2), outcomes::add);
        assertThat(outcomes).containsExactly(UNAVAILABLE, UNAVAILABLE);
    }

    private void publish(Publication publication) {
        writer.publish(publication, outcomes::add);
    }

    private static Outcome appended(long offset) {
        return new Outcome.Appended(new Position("scripted", offset));
    }

    private static List<Outcome> appended(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(offset -> appended((long) offset))
                .toList();
    }

    private static String json(Publication publication) {
        return ((Body.Json) publication.body()).text();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
