package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TokenRefresherTest {
    @Test
    void a_token_is_replaced_when_about_80_percent_of_its_time_have_passed() {
        assertThat(TokenRefresher.pause(Duration.ofMinutes(10), 0)).isEqualTo(Duration.ofSeconds(450));
        assertThat(TokenRefresher.pause(Duration.ofMinutes(10), 0.5)).isEqualTo(Duration.ofMinutes(8));
        assertThat(TokenRefresher.pause(Duration.ofMinutes(10), 1)).isEqualTo(Duration.ofSeconds(510));
    }

    @Test
    void but_some_seconds_before_its_end_and_of_a_short_one_at_half_time() {
        assertThat(TokenRefresher.pause(Duration.ofSeconds(20), 1)).isEqualTo(Duration.ofSeconds(15));
        assertThat(TokenRefresher.pause(Duration.ofSeconds(6), 1)).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void a_source_without_a_fresh_one_is_not_asked_all_the_time() {
        assertThat(TokenRefresher.pause(Duration.ofMillis(100), 0)).isEqualTo(Duration.ofMillis(500));
        assertThat(TokenRefresher.pause(Duration.ofSeconds(-1), 0)).isEqualTo(Duration.ofSeconds(5));
    }
}
