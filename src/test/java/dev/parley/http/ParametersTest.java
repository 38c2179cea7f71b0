package dev.parley.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {
    @Test
    void noQueryHasNoParameters() {
        assertThat(read("").all("many")).isEmpty();
        assertThat(new Parameters(Optional.empty(), Set.of(), Set.of()).one("x"))
                .isEmpty();
    }

    @Test
    void whatIsEscapedIsReadAsUtf8AndAPlusIsASpace() {
        assertThat(read("many=a%2Cb+c%C3%A4&many=&many").all("many")).containsExactly("a,b cä", "", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"other=1", "once=1&once=2", "once=%4", "once=%zz", "once=%ff", "&once=1", "once=1&", "%ff=1"})
    void whatCannotBeIsRefused(String query) {
        assertMalformed(() -> read(query));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "61", "1.0", "+1", "0x1", "1234567890", "²"})
    void whatIsNoNumberWithinItsBoundsIsRefusedWithThem(String text) {
        assertThatThrownBy(() -> read("once=" + text).number("once", 0, 60)).hasMessageContaining("from 0 to 60");
    }

    @Test
    void aNumberMayStandAtItsBounds() {
        assertThat(read("once=0").number("once", 0, 60)).hasValue(0);
        assertThat(read("once=60").number("once", 0, 60)).hasValue(60);
        assertThat(read("").number("once", 0, 60)).isEmpty();
        assertThat(read("many=&many=7").numbers("many", 0, 9)).containsExactly(OptionalInt.empty(), OptionalInt.of(7));
    }

    @Test
    void aFlagIsTrueOrFalse() {
        assertThat(read("once=true").flag("once")).isTrue();
        assertThat(read("").flag("once")).isFalse();
        assertMalformed(() -> read("once=TRUE").flag("once"));
    }

    @Test
    void aMistakeIsShownInPart() {
        assertThatThrownBy(() -> read("x".repeat(500) + "=1"))
                .hasMessageContaining("xxx…")
                .message()
                .hasSizeLessThan(100);
    }

    private static Parameters read(String query) {
        return new Parameters(Optional.of(query), Set.of("once"), Set.of("many"));
    }

    private static void assertMalformed(ThrowingCallable reading) {
        assertThatThrownBy(reading)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.MALFORMED));
    }
}
