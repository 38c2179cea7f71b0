package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebFilesTest {
    private final Locale before = Locale.getDefault();

    @AfterEach
    void comeBack() {
        Locale.setDefault(before);
    }

    /** The example of RFC 9110, on one of the days that a shorter form gets wrong. */
    @ParameterizedTest
    @ValueSource(strings = {"en-US", "ar-EG-u-nu-arab", "th-TH-u-ca-buddhist-nu-thai", "de-CH", "tr-TR"})
    void a_date_is_written_as_http_has_it_wherever_the_server_stands(String place) {
        Locale.setDefault(Locale.forLanguageTag(place));

        assertThat(WebFiles.HTTP_DATE.format(Instant.parse("1994-11-06T08:49:37Z")))
                .isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
