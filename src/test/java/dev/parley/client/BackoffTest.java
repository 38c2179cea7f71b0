package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final Backoff backoff = new Backoff(FIRST, LONGEST, new Random(7));

    @Test
    void each_pause_is_up_to_twice_as_long_and_half_of_it_by_chance_up_to_the_longest() {
        long[] most = {100, 200, 400, 800, 1_600, 2_000, 2_000};
        for (long whole : most) {
            assertThat(backoff.next().toMillis()).isBetween(whole / 2, whole);
        }
        for (int i = 0; i < 100; i++) {
            assertThat(backoff.next()).isLessThanOrEqualTo(LONGEST).isGreaterThanOrEqualTo(LONGEST.dividedBy(2));
        }
    }

    @Test
    void two_clients_do_not_pause_alike() {
        Backoff other = new Backoff(FIRST, LONGEST, new Random(8));
        assertThat(Stream.generate(backoff::next).limit(10).toList())
                .isNotEqualTo(Stream.generate(other::next).limit(10).toList());
    }

    @Test
    void a_connection_that_lasted_longer_than_the_pause_before_it_makes_the_next_one_short() {
        backoff.next();
        backoff.next();
        Duration third = backoff.next();
        backoff.lasted(third.plusMillis(1));
        assertThat(backoff.next()).isLessThanOrEqualTo(FIRST);
    }

    @Test
    void a_server_that_sends_its_clients_away_spreads_their_coming_back() {
        Duration spread = Duration.ofSeconds(60);
        List<Duration> pauses = IntStream.range(0, 200)
                .mapToObj(i -> {
                    backoff.within(spread);
                    return backoff.next();
                })
                .toList();

        assertThat(pauses).allMatch(pause -> pause.compareTo(spread) <= 0);
        for (int third = 0; third < 3; third++) {
            Duration from = spread.dividedBy(3).multipliedBy(third);
            Duration to = from.plus(spread.dividedBy(3));
            assertThat(pauses.stream().filter(one -> one.compareTo(from) >= 0 && one.compareTo(to) <= 0))
                    .hasSizeGreaterThan(40);
        }
        assertThat(backoff.next()).isLessThanOrEqualTo(FIRST);
    }

    @Test
    void one_that_ends_as_soon_as_it_begins_does_not() {
        backoff.next();
        backoff.next();
        backoff.next();
        backoff.lasted(Duration.ofMillis(10));
        assertThat(backoff.next().toMillis()).isBetween(400L, 800L);
    }
}
