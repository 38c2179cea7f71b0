package dev.parley.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.parley.api.Identity;
import dev.parley.log.Head;
import dev.parley.log.LogException;
import dev.parley.protocol.Lineage;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import dev.parley.protocol.Start;
import dev.parley.testing.ManualNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Readers of a log that fails over, with and without loss, and is trimmed, in any order of events: each knows for sure
 * what the log has, whatever it was told and when.
 */
class BranchModelTest {
    private static final Duration INTERVAL = Duration.ofMillis(250);
    private static final int RUNS = 300;
    private static final int STEPS = 80;
    private static final String CHANNEL = "a";

    /** Nobody need read thousands of times that a log is away which is to be away. */
    private final Logger logs = Logger.getLogger("dev.parley");

    private final Level before = logs.getLevel();

    @BeforeEach
    void silence() {
        logs.setLevel(Level.OFF);
    }

    @AfterEach
    void restore() {
        logs.setLevel(before);
    }

    @Test
    void whatever_happens_to_the_log_each_reader_has_what_it_has_or_was_told_what_is_gone() {
        for (long seed = 1; seed <= RUNS; seed++) {
            try {
                new Run(seed).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    /** A node, its log, and who reads. */
    private static final class Run {
        final Random random;
        final ManualNode node = new ManualNode();
        final Map<Position, Push> acknowledged = new HashMap<>();
        final List<Reader> readers = new ArrayList<>();
        final List<AssertionError> failures = new ArrayList<>();
        int number;

        Run(long seed) {
            random = new Random(seed);
        }

        void run() {
            node.hub().pollHeads(INTERVAL);
            for (int step = 0; step < STEPS; step++) {
                step();
                remember();
                failures.forEach(failure -> {
                    throw failure;
                });
            }
            settle();
            assertThat(failures).isEmpty();
            readers.forEach(Reader::requireAll);
        }

        private void step() {
            switch (random.nextInt(16)) {
                case 0, 1, 2 -> publish();
                case 3 -> publishElsewhere();
                case 4 -> failOver();
                case 5 -> node.log.trimTo(CHANNEL, trimmed());
                case 6 -> node.executors.pass(INTERVAL);
                case 7 -> begin();
                case 8, 9, 10 -> any().ifPresent(Reader::act);
                case 11 -> hold();
                case 12 -> letGo();
                case 13 -> beforeTold();
                case 14 -> trouble();
                default -> node.executors.pass(random.nextInt(4) == 0 ? Duration.ofMinutes(6) : INTERVAL);
            }
        }

        private void publish() {
            int count = 1 + random.nextInt(6);
            node.publish(CHANNEL, number + 1, number + count);
            number += count;
        }

        private void publishElsewhere() {
            int count = 1 + random.nextInt(12);
            try {
                node.publishElsewhere(CHANNEL, number + 1, number + count);
            } catch (LogException e) {
                assertThat(e.kind()).isNotNull(); // in doubt: the other node's client was told so
            }
            number += count;
        }

        private void failOver() {
            remember();
            int last = (int) head().last();
            if (last > 0) {
                int kept = random.nextBoolean() ? last : Math.max(1, last - random.nextInt(8));
                node.log.failOver(CHANNEL, kept);
            }
        }

        private long trimmed() {
            publishIfEmpty();
            Head head = head();
            return head.first() + random.nextInt((int) (head.last() - head.first() + 2));
        }

        private void publishIfEmpty() {
            if (head().last() == 0) {
                node.log.heal();
                node.publishElsewhere(CHANNEL, ++number, number);
            }
        }

        private void begin() {
            Start start = random.nextBoolean() ? Start.now(CHANNEL) : Start.history(CHANNEL, random.nextInt(30));
            readers.add(new Reader(this, start));
        }

        private Optional<Reader> any() {
            return readers.isEmpty() ? Optional.empty() : Optional.of(readers.get(random.nextInt(readers.size())));
        }

        private void hold() {
            if (random.nextBoolean()) {
                node.executors.reads().hold();
            } else {
                node.executors.delivery().hold();
            }
        }

        private void letGo() {
            node.executors.reads().letGo();
            node.executors.delivery().letGo();
            node.run();
        }

        /** The next answer of the log comes late. */
        private void beforeTold() {
            node.log.readBeforeTold(() -> {
                switch (random.nextInt(4)) {
                    case 0 -> failOver();
                    case 1 -> publishElsewhere();
                    case 2 -> publish();
                    default -> {
                        failOver();
                        publishElsewhere();
                        remember();
                        node.executors.pass(INTERVAL);
                    }
                }
                remember();
            });
        }

        private void trouble() {
            if (random.nextBoolean()) {
                node.log.fail(random.nextBoolean() ? LogException.Kind.IN_DOUBT : LogException.Kind.UNAVAILABLE);
            } else {
                node.log.heal();
            }
        }

        private void settle() {
            node.log.heal();
            letGo();
            for (Reader reader : readers) {
                reader.slow = false;
            }
            node.executors.pass(Duration.ofSeconds(5));
            publish();
            node.executors.pass(Duration.ofSeconds(5));
            readers.forEach(reader -> reader.subscription.ifPresent(reader::ready));
            node.run();
            remember();
        }

        Head head() {
            return node.log.head(CHANNEL);
        }

        /** What the log holds now was acknowledged, or may have been. */
        void remember() {
            for (Message message : node.log.messages(CHANNEL)) {
                Push before = acknowledged.putIfAbsent(message.position(), message);
                assertThat(before == null || before.equals(message)).isTrue();
            }
        }

        /** Whether the log has a message at this place, or had it when it was trimmed. */
        boolean has(Position position) {
            Head head = head();
            return position.offset() <= head.last()
                    && head.lineage().at(position.offset()).equals(position);
        }
    }

    /** What a client knows. */
    private static final class Reader implements Subscriber {
        final Run run;
        final TreeMap<Long, Position> read = new TreeMap<>();
        Optional<Subscription> subscription = Optional.empty();
        boolean slow;
        boolean opening;
        Position here = Position.NONE;

        Reader(Run run, Start start) {
            this.run = run;
            open(start);
        }

        private void open(Start start) {
            CompletableFuture<Subscription> opened = run.node
                    .channels()
                    .subscribe(Identity.SERVER, start, ListenerCursor.Form.PLAIN, this)
                    .toCompletableFuture();
            opening = true;
            var unused = opened.whenComplete((open, failure) -> {
                opening = false;
                if (failure == null) {
                    subscription = Optional.of(open);
                    begin(start, open);
                }
            });
            run.node.run();
        }

        private void begin(Start start, Subscription open) {
            try {
                begun(start, open.started());
            } catch (AssertionError e) {
                run.failures.add(e);
            }
            open.start();
        }

        private void begun(Start start, Reply.Started started) {
            run.remember();
            if (start.after().isEmpty()) {
                assertThat(started.recovered()).isTrue();
                here = started.position();
                return;
            }
            if (started.recovered()) {
                assertThat(started.lost()).isEmpty();
                assertThat(started.forgotten()).isEmpty();
            }
            started.forgotten().ifPresent(this::forgotten);
            started.lost().ifPresent(this::lost);
            if (!started.recovered()
                    && started.lost().isEmpty()
                    && started.forgotten().isEmpty()) {
                unknown(started.position().offset());
            }
            assertThat(started.position().offset()).isEqualTo(here.offset());
            here = started.position();
        }

        /** What it finds wrong would else be its own fault. */
        @Override
        public void ready(Subscription open) {
            try {
                while (!slow && take(open)) {
                    // all there is
                }
            } catch (AssertionError e) {
                run.failures.add(e);
            }
        }

        private boolean take(Subscription open) {
            Optional<Batch> batch = open.next(BatchLimit.of(1 + run.random.nextInt(2_000)));
            run.remember();
            batch.ifPresent(taken -> {
                taken.pieces().forEach(piece -> told(((Encoded.Unwritten) piece).push()));
                assertThat(open.position()).isEqualTo(here);
            });
            return batch.isPresent();
        }

        /** Reads a little, is slow or quick from now on, or comes back. */
        void act() {
            if (subscription.isEmpty()) {
                if (!opening) {
                    open(here.equals(Position.NONE) ? Start.now(CHANNEL) : Start.after(CHANNEL, here));
                }
                return;
            }
            switch (run.random.nextInt(4)) {
                case 0 -> slow = true;
                case 1 -> {
                    slow = false;
                    ready(subscription.get());
                }
                case 2 -> {
                    subscription.get().close();
                    subscription = Optional.empty();
                }
                default -> {
                    boolean unused = take(subscription.get());
                }
            }
            run.node.run();
        }

        private void told(Push push) {
            if (push instanceof Message message) {
                Position position = message.position();
                assertThat(position.offset()).isEqualTo(here.offset() + 1);
                assertThat(message).isEqualTo(run.acknowledged.get(position));
                read.put(position.offset(), position);
                here = position;
            } else if (push instanceof Push.Forgotten forgotten) {
                forgotten(forgotten.range());
            } else if (push instanceof Push.Lost lost) {
                lost.range().ifPresentOrElse(this::lost, () -> unknown(0));
            } else {
                fail("told " + push);
            }
        }

        /** Never to one whose place the log has. */
        private void forgotten(Push.Range range) {
            assertThat(range.before()).isEqualTo(here.at(here.offset() + 1));
            assertThat(range.after().epoch()).isEqualTo(here.epoch());
            assertThat(range.after().offset()).isLessThan(here.offset());
            assertThat(run.has(here)).isFalse();
            Map<Long, Position> gone = read.tailMap(range.after().offset(), false);
            gone.values().forEach(position -> assertThat(run.has(position)).isFalse());
            gone.clear();
            here = range.after();
        }

        private void lost(Push.Range range) {
            if (here.equals(Position.NONE)) {
                here = range.after().at(0); // who was there before the first message
            }
            assertThat(range.after()).isEqualTo(here);
            assertThat(range.before().offset()).isGreaterThan(here.offset() + 1);
            here = subscription.orElseThrow().position();
            assertThat(here.offset()).isEqualTo(range.before().offset() - 1);
        }

        /** All that the log holds comes anew, since it knows nothing of the epoch. */
        private void unknown(long after) {
            assertThat(run.head().lineage().common(here)).isEmpty();
            read.clear();
            here = run.head().lineage().at(after);
        }

        void requireAll() {
            if (subscription.isEmpty()) {
                return;
            }
            Head head = run.head();
            assertThat(here).isEqualTo(head.position());
            Lineage lineage = head.lineage();
            read.forEach((offset, position) -> assertThat(position).isEqualTo(lineage.at(offset)));
        }
    }
}
