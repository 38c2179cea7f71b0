package dev.parley.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.channel.Batch;
import dev.parley.channel.Encoded;
import dev.parley.protocol.DisconnectCode;
import dev.parley.testing.Scale;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What two threads do to one connection at the same moment. */
@Tag("scaled")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class ConnectionWriterRaceTest {
    private static final int ROUNDS = Scale.of(50_000, 50_000, 2_000_000);

    @Test
    void a_reply_goes_before_the_last_word_though_another_thread_has_just_found_nothing_to_send() throws Exception {
        AtomicReference<ConnectionWriter> current = new AtomicReference<>();
        Phaser together = new Phaser(2);
        Thread other = new Thread(() -> {
            for (int round = 0; round < ROUNDS; round++) {
                together.arriveAndAwaitAdvance();
                ConnectionWriter writer = current.get();
                while (!writer.isEnding()) {
                    writer.flush();
                }
                together.arriveAndAwaitAdvance();
            }
        });
        other.setDaemon(true);
        other.start();

        for (int round = 0; round < ROUNDS; round++) {
            Written written = new Written();
            ConnectionWriter writer =
                    new ConnectionWriter(written, Runnable::run, WireRepresentation.whole(), 1_000, () -> {});
            current.set(writer);
            meet(together);
            writer.reply(Encoded.Text.of("reply"));
            writer.close(DisconnectCode.TOO_MANY_COMMANDS, Optional.of(Encoded.Text.of("last word")));
            meet(together);

            assertThat(written.all()).as("round %s", round).containsExactly("reply", "last word", "TOO_MANY_COMMANDS");
        }
        other.join();
    }

    /** Can be interrupted, so that a test whose other thread has died ends by its timeout. */
    private static void meet(Phaser together) throws InterruptedException {
        together.awaitAdvanceInterruptibly(together.arrive());
    }

    /** All that a client was told, in order. */
    private static final class Written implements Transport {
        private final List<String> lines = new ArrayList<>();

        @Override
        public void send(Batch batch, Completion done) {
            synchronized (this) {
                batch.pieces().forEach(piece -> lines.add(((Encoded.Text) piece).text()));
            }
            done.sent();
        }

        @Override
        public void ping(Ping told) {
            throw new UnsupportedOperationException("Nobody asks for it");
        }

        @Override
        public synchronized void close(DisconnectCode code) {
            lines.add(code.name());
        }

        private synchronized List<String> all() {
            return List.copyOf(lines);
        }
    }
}
