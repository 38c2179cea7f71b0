package dev.parley.http;

import static dev.parley.testing.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.ErrorCode;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParametersTest {
    @Test
    void no_query_has_no_parameters() {
        assertThat(read("").all("many")).isEmpty();
        assertThat(new QueryParameters(Optional.empty(), Set.of(), Set.of()).one("x"))
                .isEmpty();
    }

    @Test
    void what_is_escaped_is_read_as_utf8_and_a_plus_is_a_space() {
        assertThat(read("many=a%2Cb+c%C3%A4&many=&many").all("many")).containsExactly("a,b cä", "", "");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            other=1       | There is no parameter 'other' here.
            once=1&once=2 | The parameter once is there twice.
            once=%4       | An escape is not a percent sign and two hexadecimal digits.
            once=%zz      | An escape is not a percent sign and two hexadecimal digits.
            once=%ff      | Escapes hide what is no UTF-8.
            &once=1       | There is no parameter '' here.
            once=1&       | There is no parameter '' here.
            %ff=1         | Escapes hide what is no UTF-8.
            """)
    void what_cannot_be_is_refused(String query, String sentence) {
        assertRefused(() -> read(query), ErrorCode.MALFORMED, sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "61", "1.0", "+1", "0x1", "1234567890", "²"})
    void what_is_no_number_within_its_bounds_is_refused_with_them(String text) {
        assertRefused(
                () -> read("once=" + text.replace("+", "%2B")).number("once", 0, 60),
                ErrorCode.MALFORMED,
                "The parameter once is a number from 0 to 60, not '" + text + "'.");
    }

    @Test
    void a_number_may_stand_at_its_bounds() {
        assertThat(read("once=0").number("once", 0, 60)).hasValue(0);
        assertThat(read("once=60").number("once", 0, 60)).hasValue(60);
        assertThat(read("").number("once", 0, 60)).isEmpty();
        assertThat(read("many=&many=7").numbers("many", 0, 9)).containsExactly(OptionalInt.empty(), OptionalInt.of(7));
    }

    @Test
    void a_flag_is_true_or_false() {
        assertThat(read("once=true").flag("once")).isTrue();
        assertThat(read("").flag("once")).isFalse();
        assertRefused(
                () -> read("once=TRUE").flag("once"), ErrorCode.MALFORMED, "The parameter once is true or false.");
    }

    @Test
    void a_mistake_is_shown_in_part() {
        assertRefused(
                () -> read("x".repeat(500) + "=1"),
                ErrorCode.MALFORMED,
                "There is no parameter '" + "x".repeat(40) + "…' here.");
    }

    private static QueryParameters read(String query) {
        return new QueryParameters(Optional.of(query), Set.of("once"), Set.of("many"));
    }
}
