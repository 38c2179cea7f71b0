package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.DisconnectCode;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CloseCodesTest {
    @ParameterizedTest
    @EnumSource
    void each_of_the_servers_codes_says_it_itself(DisconnectCode code) {
        assertThat(CloseCodes.comesBack(code.code())).isEqualTo(code.reconnect());
        assertThat(CloseCodes.name(code.code())).isEqualTo(code.label());
    }

    @Test
    void of_the_private_range_the_hundreds_say_it() {
        assertThat(IntStream.rangeClosed(4_000, 4_099)).allMatch(CloseCodes::comesBack);
        assertThat(IntStream.rangeClosed(4_100, 4_199)).noneMatch(CloseCodes::comesBack);
    }

    @Test
    void what_is_nobodys_word_is_no_reason_to_stay_away() {
        assertThat(IntStream.of(1001, 1005, 1006, 1008, 1014, 1015, 3000, 4200)).allMatch(CloseCodes::comesBack);
    }

    @Test
    void what_is_told_has_the_wires_word_where_there_is_one() {
        assertThat(CloseCodes.describe(4002, "too slow")).isEqualTo("slow: too slow");
        assertThat(CloseCodes.describe(1001, "")).isEqualTo("1001");
        assertThat(CloseCodes.describe(1006, "Connection refused")).isEqualTo("Connection refused");
        assertThat(CloseCodes.describe(1006, " ")).isEqualTo("The connection ended without a word.");
    }
}
