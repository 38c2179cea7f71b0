package dev.parley.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /** Whoever looks at a constant in an editor sees what the client is told. */
    @ParameterizedTest
    @EnumSource
    void the_javadoc_of_an_error_says_what_it_is(ErrorCode code) throws IOException {
        assertThat(source(ErrorCode.class))
                .contains("/** " + code.code() + " {@code " + code.label() + "}, "
                        + (code.retry() ? "to be tried again" : "for good") + ". " + code.sentence() + " */\n    "
                        + code
                        + "(");
    }

    @ParameterizedTest
    @EnumSource
    void the_javadoc_of_a_disconnect_says_what_it_is(DisconnectCode code) throws IOException {
        assertThat(source(DisconnectCode.class))
                .contains("/** " + code.code() + " {@code " + code.label() + "}, "
                        + (code.reconnect() ? "to come back" : "for good") + ". " + code.sentence() + " */\n    " + code
                        + "(");
    }

    private static String source(Class<?> type) throws IOException {
        return Files.readString(Path.of("src/main/java", type.getName().replace('.', '/') + ".java"));
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
