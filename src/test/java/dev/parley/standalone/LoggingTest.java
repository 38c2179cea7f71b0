package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.DefaultLocale;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LoggingTest {
    @RegisterExtension
    final DefaultLocale locale = new DefaultLocale();

    @ParameterizedTest
    @MethodSource("dev.parley.testing.DefaultLocale#tags")
    void a_line_is_the_same_wherever_the_server_stands(String place) {
        locale.set(place);

        assertThat(line("{0} of {1} connections are left of {2}", 12_345, 67_890L, "Istanbul"))
                .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO Node: "
                        + "12345 of 67890 connections are left of Istanbul\\R");
        assertThat(line("{0,number,percent} of {1,number} are left", 0.25, 12_345))
                .endsWith("INFO Node: 25% of 12,345 are left" + System.lineSeparator());
    }

    @Test
    void what_is_no_pattern_is_logged_as_it_is() {
        assertThat(line("It can't be {sent}", 1)).contains(": It can't be {sent}");
        assertThat(line("It cannot be {0, sent", 1)).contains(": It cannot be {0, sent");
        assertThat(line("{0}, {1}", 1)).contains(": 1, {1}");
        assertThat(line("It can't be {0}")).contains(": It can't be {0}");
    }

    private static String line(String message, Object... parameters) {
        LogRecord log = new LogRecord(Level.INFO, message);
        log.setLoggerName("dev.parley.server.Node");
        log.setParameters(parameters);
        return new Logging.Line().format(log);
    }
}
