package dev.parley.http;

import static dev.parley.testing.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionNameTest {
    private static final String SECRET = "abcdefghijklmnopqrstuvwxyz_-0123";

    @Test
    void itIsASecretAndPerhapsAPart() {
        assertThat(ConnectionName.read(List.of())).isEmpty();
        assertThat(ConnectionName.read(List.of(SECRET))).hasValueSatisfying(name -> {
            assertThat(name.secret()).isEqualTo(SECRET);
            assertThat(name.part()).isEmpty();
            assertThat(name.text()).isEqualTo(SECRET);
        });
        assertThat(ConnectionName.read(List.of(SECRET + ".tab-2"))).hasValueSatisfying(name -> {
            assertThat(name.secret()).isEqualTo(SECRET);
            assertThat(name.part()).contains("tab-2");
            assertThat(name.text()).isEqualTo(SECRET + ".tab-2");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "short",
                SECRET + "x",
                SECRET + ".",
                SECRET + ".12345678901234567",
                SECRET + ".a b",
                " " + SECRET
            })
    void anythingElseIsRefused(String header) {
        assertWrong(List.of(header));
    }

    @Test
    void twoAreRefused() {
        assertWrong(List.of(SECRET, SECRET));
    }

    @Test
    void aNewOneIsAnothersSecretEachTimeAndIsNotPrinted() {
        ConnectionName one = ConnectionName.fresh();

        assertThat(ConnectionName.read(List.of(one.text()))).contains(one);
        assertThat(one).isNotEqualTo(ConnectionName.fresh());
        assertThat(one.toString()).doesNotContain(one.secret());
    }

    private static void assertWrong(List<String> headers) {
        assertRefused(
                () -> ConnectionName.read(headers),
                ErrorCode.BAD_CREDENTIALS,
                "Parley-Connection is as an earlier answer gave it: 32 letters, digits, '-' or '_', and if you like a dot"
                        + " and 1 to 16 more of them.");
    }
}
