package dev.parley.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.channel.Batch;
import dev.parley.channel.Encoded;
import dev.parley.connection.Transport;
import dev.parley.protocol.DisconnectCode;
import dev.parley.testing.ManualNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What waits for the rest of what is being read is not held against the client. */
class EchoSessionTest {
    private static final String LARGE = "x".repeat(300_000);

    private final Reading transport = new Reading();
    private final EchoSession echo = new EchoSession(transport, new ManualNode().connections(), () -> {});

    @Test
    void a_small_message_and_a_large_one_that_are_read_together_come_back() {
        echo.text("small");
        echo.text(LARGE);
        transport.sending.orElseThrow().run();

        assertThat(transport.closed).isEmpty();
        assertThat(transport.texts).containsExactly("small", LARGE);
    }

    @Test
    void what_a_client_does_not_take_is_held_against_it() {
        transport.taking = false;
        echo.text(LARGE);
        echo.text("small");
        assertThat(transport.closed).isEmpty();
        echo.text(LARGE);

        assertThat(transport.closed).contains(DisconnectCode.SLOW);
        assertThat(transport.texts).containsExactly(LARGE);
    }

    @Test
    void an_error_in_sending_ends_the_session_which_would_else_be_open_and_deaf() {
        transport.failing = true;
        echo.text("small");

        assertThatThrownBy(() -> transport.sending.orElseThrow().run()).isInstanceOf(AssertionError.class);
        assertThat(transport.closed).contains(DisconnectCode.INTERNAL);
    }

    /** One that is always just being read from. */
    private static final class Reading implements Transport {
        private final List<String> texts = new ArrayList<>();
        private Optional<Runnable> sending = Optional.empty();
        private Optional<DisconnectCode> closed = Optional.empty();
        private boolean taking = true;
        private boolean failing;

        @Override
        public void send(Batch batch, Completion done) {
            if (failing) {
                throw new AssertionError("as the test wants it");
            }
            batch.pieces().forEach(piece -> texts.add(((Encoded.Text) piece).text()));
            if (taking) {
                done.sent();
            }
        }

        @Override
        public boolean isSendingLater(Runnable later) {
            sending = Optional.of(later);
            return true;
        }

        @Override
        public void ping(Ping told) {}

        @Override
        public void close(DisconnectCode code) {
            closed = Optional.of(code);
        }
    }
}
