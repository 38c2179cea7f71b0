package dev.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people see of a name is all that is there. */
class DisplayNameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Ann",
                "Ann O'Neill-Smith, Jr. (2)",
                "Ünïcödé Ãñê",
                "e\u0301le\u0300ve",
                "Ti\u1ebfng Vi\u1ec7t",
                "Анна",
                "Анна (Anna)",
                "Ελένη",
                "山田 たろう",
                "山田タロウJr",
                "김민준 Kim",
                "李小龍",
                "สมชาย",
                "अनुष्का",
                "क्\u200dष",
                "علی\u200cرضا",
                "שָׁלוֹם",
                "\ud83d\ude00",
                "\ud83e\udee8",
                "\u2764\ufe0f",
                "1\ufe0f\u20e3",
                "\ud83d\udc69\u200d\ud83d\udc69\u200d\ud83d\udc67",
                "\u2764\ufe0f\u200d\ud83d\udd25",
                "\ud83d\udc4d\ud83c\udffd",
                "<script>owned=1</script>"
            })
    void names_of_all_the_world_are_names(String name) {
        assertThat(DisplayName.isOne(name)).isTrue();
        assertThat(DisplayName.cleaned(name)).contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                " Ann",
                "Ann ",
                "Ann  Lee",
                "Ann\u00a0Lee",
                "Ann\u2003Lee",
                "Ann\u3000Lee",
                "Ann\u200b",
                "\u200bAnn",
                "A\u200cnn",
                "A\u200dnn",
                "Ann\u200e",
                "Ann\u200f",
                "A\u202enn",
                "A\u2066nn",
                "A\u061cnn",
                "A\u00adnn",
                "Ann\u2060",
                "Ann\ufeff",
                "Ann\u180e",
                "\u3164",
                "\u115f\u1160",
                "\uffa0",
                "\u2800",
                "A\u034fnn",
                "A\ufe0fnn",
                "A\ufe00nn",
                "Ann\udb40\udc41",
                "Ann\udb40\udd00",
                "Ann\ue000",
                "Ann\ufffc",
                "Ann\u0378",
                "Ann\u0000",
                "Ann\ud800",
                "Ann\u2028",
                "\u0301Ann",
                "Ann \u0301",
                "A\u0301\u0301nn",
                "A\u0301\u0302\u0303\u0304\u0305nn",
                "\u1ec7\u0301\u0302\u0303nn",
                "\u0410nn",
                "Ann\u0430",
                "\u0391nn",
                "p\u0430ypal",
                "\u0430\u03bf",
                "김А"
            })
    void what_is_not_seen_or_only_looks_like_another_is_no_name(String name) {
        assertThat(DisplayName.isOne(name)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "\u200bAn\u200bn\u2066, Ann",
                "\u202eAnn, Ann",
                "'  Ann\u00a0\u3000Lee ', Ann Lee",
                "\u3164, none",
                "\u0410nn, none",
                "A\u0301\u0301nn, none"
            })
    void of_a_name_that_another_gives_what_is_not_seen_is_left_out(String name, String cleaned) {
        assertThat(DisplayName.cleaned(name).orElse(null)).isEqualTo(cleaned);
    }

    @Test
    void it_has_its_bound() {
        assertThat(DisplayName.isOne("n".repeat(100))).isTrue();
        assertThat(DisplayName.isOne("n".repeat(101))).isFalse();
        assertThat(DisplayName.cleaned("n".repeat(101))).isEmpty();
    }
}
