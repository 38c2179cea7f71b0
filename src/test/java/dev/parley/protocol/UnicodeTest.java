package dev.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnicodeTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "a", "é€", "\ud83d\ude00", "\ud83d\ude00\ud83d\ude01x", "\ud7ff\ue000"})
    void a_text_of_whole_characters_is_well_formed_and_as_long_as_its_utf_8(String text) {
        assertThat(Unicode.isWellFormed(text)).isTrue();
        assertThat(Unicode.utf8Length(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "\ude00", "\ude00\ud83d", "a\ud83db", "\ud83d\ud83d\ude00", "\ud83d\ude00\ude00"})
    void a_text_with_half_a_pair_is_not(String text) {
        assertThat(Unicode.isWellFormed(text)).isFalse();
    }
}
