package dev.parley.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodesTest {
    @Test
    void names_are_unique_and_so_are_disconnect_codes() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::label)).doesNotHaveDuplicates();
        assertThat(Arrays.stream(DisconnectCode.values()).map(DisconnectCode::label))
                .doesNotHaveDuplicates();
        assertThat(Arrays.stream(DisconnectCode.values()).map(DisconnectCode::code))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void an_error_is_one_of_http(ErrorCode code) {
        assertThat(code.code()).isBetween(400, 599);
        assertThat(code.label()).matches("[a-z]+(-[a-z]+)*");
        assertThat(code.sentence()).endsWith(".");
        assertThat(code.code() < 500 || code.retry()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void a_disconnect_says_by_its_range_whether_to_come_back(DisconnectCode code) {
        assertThat(code.label()).matches("[a-z]+(-[a-z]+)*");
        assertThat(code.sentence()).endsWith(".");
        assertThat(code.reason().getBytes(UTF_8)).hasSizeLessThanOrEqualTo(123);
        if (code.code() >= 4_000) {
            assertThat(code.code()).isBetween(code.reconnect() ? 4_000 : 4_100, code.reconnect() ? 4_099 : 4_199);
        } else {
            // What RFC 6455 section 7.4.1 lets an endpoint send, and 1012 and 1013 of its registry
            assertThat(code.code()).isIn(1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013);
        }
    }
}
