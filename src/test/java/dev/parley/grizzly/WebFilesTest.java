package dev.parley.grizzly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.DefaultLocale;
import java.time.Instant;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WebFilesTest {
    @RegisterExtension
    final DefaultLocale locale = new DefaultLocale();

    /** The example of RFC 9110, on one of the days that a shorter form gets wrong. */
    @ParameterizedTest
    @MethodSource("dev.parley.testing.DefaultLocale#tags")
    void a_date_is_written_as_http_has_it_wherever_the_server_stands(String place) {
        locale.set(place);

        assertThat(WebFiles.HTTP_DATE.format(Instant.parse("1994-11-06T08:49:37Z")))
                .isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
