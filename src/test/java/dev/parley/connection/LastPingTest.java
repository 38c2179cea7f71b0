package dev.parley.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LastPingTest {
    private final LastPing ping = new LastPing();

    @Test
    void an_answer_that_comes_before_the_sender_knows_that_it_has_sent_counts() {
        ping.ask(System.nanoTime());
        ping.begun();
        long heardAt = System.nanoTime() + 1;
        ping.sent();

        assertThat(ping.isAnsweredBy(heardAt)).isTrue();
    }

    @Test
    void what_was_heard_before_it_was_sent_is_no_answer() {
        long heardAt = System.nanoTime();
        ping.ask(heardAt + 1);
        ping.begun();
        ping.sent();

        assertThat(ping.isAnsweredBy(heardAt)).isFalse();
        assertThat(ping.waitingFor(System.nanoTime() + TimeUnit.SECONDS.toNanos(1)))
                .isPositive();
    }

    @Test
    void one_that_waits_for_its_turn_has_asked_the_client_nothing() {
        assertThat(ping.ask(System.nanoTime())).isTrue();

        assertThat(ping.ask(System.nanoTime())).isFalse();
        assertThat(ping.waitingFor(Long.MAX_VALUE)).isZero();
        assertThat(ping.stuckFor(Long.MAX_VALUE)).isZero();
    }
}
