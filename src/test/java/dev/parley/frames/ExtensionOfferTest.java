package dev.parley.frames;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Offers of extensions (RFC 6455 section 9.1), and which of {@code permessage-deflate} are taken (RFC 7692 section 7.1). */
class ExtensionOfferTest {
    private static final String PLAIN = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    private static final String NAMED = PLAIN + "; server_max_window_bits=15";

    @Test
    void offers_come_in_the_order_of_all_headers() {
        assertThat(ExtensionOffer.parse(List.of("a;b=1;c ,, d ; e = \"f\"", "", "g"))
                        .orElseThrow())
                .extracting(offer -> offer.name()
                        + offer.parameters().stream()
                                .map(one -> " " + one.name()
                                        + one.value().map(":"::concat).orElse(""))
                                .reduce("", String::concat))
                .containsExactly("a b:1 c", "d e:f", "g");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ";",
                "a;",
                "a;;b",
                "a;b=",
                "a;b=\"\"",
                "a;b=\"c",
                "a;b=\"c d\"",
                "a;b=\"c,d\"",
                "a;b=c\"d\"",
                "a;b=\"c\\",
                "a b",
                "a;b c",
                "a;=b",
                "=a",
                "a=b",
                "\"a\"",
                "a,\u00e4",
                "(a)",
            })
    void what_is_not_of_the_grammar_is_no_offer(String header) {
        assertThat(ExtensionOffer.parse(List.of(header))).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            permessage-deflate                                                    | plain
            permessage-deflate; server_no_context_takeover; client_no_context_takeover | plain
            permessage-deflate; client_max_window_bits                            | plain
            permessage-deflate; client_max_window_bits=8                          | plain
            permessage-deflate; client_max_window_bits="15"                       | plain
            permessage-deflate; server_max_window_bits=15                         | named
            permessage-deflate; server_max_window_bits="15"                       | named
            permessage-deflate; server_max_window_bits="1\\5"                     | named
            permessage-deflate;server_max_window_bits=15;client_max_window_bits   | named
            permessage-deflate; server_max_window_bits=10, permessage-deflate     | plain
            permessage-deflate, permessage-deflate; server_max_window_bits=15     | plain
            permessage-deflate; x, permessage-deflate; server_max_window_bits=15  | named
            x-webkit-deflate-frame, permessage-deflate                            | plain
            permessage-deflate; server_max_window_bits                            | none
            permessage-deflate; server_max_window_bits=14                         | none
            permessage-deflate; server_max_window_bits=8                          | none
            permessage-deflate; server_max_window_bits=16                         | none
            permessage-deflate; server_max_window_bits=015                        | none
            permessage-deflate; client_max_window_bits=7                          | none
            permessage-deflate; client_max_window_bits=16                         | none
            permessage-deflate; client_max_window_bits=08                         | none
            permessage-deflate; server_no_context_takeover=true                   | none
            permessage-deflate; client_no_context_takeover=1                      | none
            permessage-deflate; client_max_window_bits; client_max_window_bits=9  | none
            permessage-deflate; server_max_window_bits=15; server_max_window_bits=15 | none
            permessage-deflate; what=ever                                         | none
            x-webkit-deflate-frame                                                | none
            """)
    void the_first_offer_that_can_be_kept_is_answered_with_what_it_asks_for(String header, String answer) {
        assertThat(Deflate.answer(ExtensionOffer.parse(List.of(header)).orElseThrow())
                        .orElse("none"))
                .isEqualTo(answer.equals("plain") ? PLAIN : answer.equals("named") ? NAMED : "none");
    }
}
