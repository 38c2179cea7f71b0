package dev.parley.channel;

import static dev.parley.testing.RecordingSubscriber.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Identity;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.Start;
import dev.parley.testing.ManualExecutors;
import dev.parley.testing.ManualNode;
import dev.parley.testing.RecordingSubscriber;
import dev.parley.testing.ScriptedTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A form that calls a team's code may wait as long as it likes: it harms its own readers and nobody else. */
class ForeignEncodingTest {
    private static final long SECONDS = 30;

    private final ManualNode node = new ManualNode();
    private final ManualExecutors.Queue threads = node.executors.foreign();
    private final ExecutorService somebody = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        somebody.shutdownNow();
    }

    /** What a message says, as {@link RecordingSubscriber#PLAIN}; counts, and does before what the test wants. */
    private static final class Waiting implements Representation {
        private final Executor threads;
        private final List<String> encoded = new ArrayList<>();
        private Consumer<Push> before = push -> {};

        Waiting(Executor threads) {
            this.threads = threads;
        }

        @Override
        public Optional<Executor> threads() {
            return Optional.of(threads);
        }

        @Override
        public Optional<Encoded> encode(Push push) {
            before.accept(push);
            Optional<Encoded> plain = RecordingSubscriber.PLAIN.encode(push);
            plain.ifPresent(text -> encoded.add(((Encoded.Text) text).text()));
            return plain;
        }

        @Override
        public boolean joins() {
            return true;
        }
    }

    @Test
    void while_it_waits_all_is_committed_and_everybody_else_is_given_it() {
        Waiting form = new Waiting(threads);
        RecordingSubscriber slow = reader(form, Start.now("a"));
        RecordingSubscriber beside = RecordingSubscriber.of(node, Start.now("a"));
        RecordingSubscriber other = RecordingSubscriber.of(node, Start.now("b"));
        threads.hold();
        node.publish("a", 1, 3);
        node.publish("b", 1, 3);

        assertThat(slow.lines()).isEmpty();
        assertThat(beside.lines()).isEqualTo(numbers(1, 3));
        assertThat(other.lines()).isEqualTo(numbers(1, 3));
        threads.letGo();
        node.run();
        assertThat(slow.lines()).isEqualTo(numbers(1, 3));
    }

    @Test
    void it_is_asked_once_for_all_who_stand_at_one_place_and_they_share_the_batch() {
        Waiting form = new Waiting(threads);
        List<RecordingSubscriber> readers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            readers.add(reader(form, Start.now("a")));
        }
        threads.hold();
        node.publish("a", 1, 1);
        assertThat(threads.waiting()).isEqualTo(1);
        threads.letGo();
        node.run();
        node.publish("a", 2, 2);

        assertThat(form.encoded).isEqualTo(numbers(1, 2));
        assertThat(readers).allSatisfy(reader -> {
            assertThat(reader.lines()).isEqualTo(numbers(1, 2));
            assertThat(reader.batches()).isEqualTo(readers.get(0).batches());
        });
    }

    @Test
    void one_that_publishes_to_its_channel_and_waits_for_that_is_no_deadlock() {
        Waiting form = new Waiting(threads);
        RecordingSubscriber reader = reader(form, Start.now("a"));
        form.before = push -> {
            if (push instanceof Message message && message.position().offset() < 3) {
                long next = message.position().offset() + 1;
                elsewhere(() -> node.say("a", Long.toString(next)));
            }
        };
        node.publish("a", 1, 1);

        assertThat(reader.lines()).isEqualTo(numbers(1, 3));
    }

    @Test
    void one_that_waits_for_an_older_page_or_a_notice_holds_up_nobody_either() {
        node.publish("a", 1, 40);
        Waiting form = new Waiting(threads);
        form.before = push -> elsewhere(() -> node.say("b", "1"));
        node.log.trimTo("a", 6);
        RecordingSubscriber slow = reader(form, Start.after("a", new Position("none", 3)));
        RecordingSubscriber behind = reader(form, Start.now("a")).slow();
        node.publish("a", 41, 80);
        node.log.trimTo("a", 61);
        behind.wakeUp();

        assertThat(slow.lines()).isEqualTo(numbers(6, 80));
        assertThat(behind.lines()).startsWith("lost 40..61").hasSize(21).endsWith("80");
    }

    @Test
    void presence_leaves_in_it_too() {
        Waiting form = new Waiting(threads);
        form.before = push -> elsewhere(() -> node.say("b", "1"));
        RecordingSubscriber reader = reader(form, Start.now("room.a"));
        RecordingSubscriber ann =
                RecordingSubscriber.of(node, new Identity("ann", Optional.empty()), Start.now("room.a"));
        node.publish("room.a", 1, 1);
        ann.close();

        assertThat(reader.lines()).containsExactly("join ann", "1");
    }

    @Test
    void an_error_that_it_throws_ends_its_own_readers_and_no_other() {
        Waiting failing = new Waiting(threads);
        Waiting other = new Waiting(threads);
        ScriptedTransport transport = new ScriptedTransport();
        ScriptedTransport fine = new ScriptedTransport();
        subscribe(transport, failing);
        subscribe(fine, other);
        failing.before = push -> {
            throw new NoClassDefFoundError("as the test wants it");
        };
        node.publish("a", 1, 2);

        assertThat(transport.closed()).contains(DisconnectCode.INTERNAL);
        assertThat(fine.closed()).isEmpty();
        assertThat(other.encoded).isEqualTo(numbers(1, 2));
        failing.before = push -> {};
        assertThat(reader(failing, Start.after("a", Position.NONE)).lines()).isEqualTo(numbers(1, 2));
    }

    @Test
    void where_its_threads_take_nothing_any_more_its_readers_end() {
        Waiting form = new Waiting(threads);
        ScriptedTransport transport = new ScriptedTransport();
        subscribe(transport, form);
        threads.reject(true);
        node.publish("a", 1, 1);

        assertThat(transport.closed()).contains(DisconnectCode.INTERNAL);
        assertThat(node.publish("a", "2")).isCompleted();
    }

    private RecordingSubscriber reader(Representation form, Start start) {
        RecordingSubscriber reader = RecordingSubscriber.begin(node, Identity.SERVER, start, form);
        node.run();
        return reader;
    }

    private void subscribe(ScriptedTransport transport, Representation form) {
        var unused = node.connections()
                .open(transport, form, Identity.SERVER)
                .subscribe(Start.now("a"))
                .thenAccept(Subscription::start);
        node.run();
    }

    /** On another thread, as the log's writer is; the calling one waits for it. */
    private void elsewhere(Runnable action) {
        try {
            CompletableFuture.runAsync(action, somebody).get(SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
