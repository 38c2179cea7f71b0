package dev.parley.http;

import static dev.parley.testing.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Credentials;
import dev.parley.api.Identity;
import dev.parley.protocol.ErrorCode;
import dev.parley.security.GivenSecrets;
import dev.parley.security.Guests;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionNameTest {
    private static final String SECRET = "abcdefghijklmnopqrstuvwxyz_-0123";

    @Test
    void it_is_a_secret_and_perhaps_a_part() {
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

    @Test
    void logs_call_it_by_a_name_that_gives_neither_the_secret_nor_the_guest_away() {
        ConnectionName name = ConnectionName.read(List.of(SECRET)).orElseThrow();
        ConnectionName part = ConnectionName.read(List.of(SECRET + ".tab-2")).orElseThrow();
        String guest = new Guests()
                .identify(Credentials.NONE.and(Optional.empty(), Optional.of(SECRET), Optional.empty()))
                .toCompletableFuture()
                .join()
                .identity()
                .user();

        assertThat(name.publicName()).matches("c[0-9a-f]{24}").isEqualTo(name.publicName());
        assertThat(part.publicName()).isNotEqualTo(name.publicName());
        assertThat(name.publicName()).doesNotContain(guest.substring(Identity.GUEST_PREFIX.length()));
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
    void anything_else_is_refused(String header) {
        assertWrong(List.of(header));
    }

    @Test
    void two_are_refused() {
        assertWrong(List.of(SECRET, SECRET));
    }

    @Test
    void a_new_one_is_anothers_secret_each_time_and_is_not_printed() {
        GivenSecrets secrets = GivenSecrets.ofThisProcess();
        ConnectionName one = ConnectionName.fresh(secrets);

        assertThat(ConnectionName.read(List.of(one.text()))).contains(one);
        assertThat(one).isNotEqualTo(ConnectionName.fresh(secrets));
        assertThat(one.toString()).doesNotContain(one.secret());
    }

    @Test
    void one_that_the_server_has_not_given_is_none() {
        GivenSecrets secrets = GivenSecrets.ofThisProcess();
        String given = secrets.fresh();
        String changed = (given.charAt(0) == 'A' ? "B" : "A") + given.substring(1);

        assertThat(ConnectionName.given(List.of(given + ".tab-2"), secrets)).isPresent();
        assertThat(ConnectionName.given(List.of(changed), secrets)).isEmpty();
        assertThat(ConnectionName.given(List.of(SECRET), secrets)).isEmpty();
        assertThat(ConnectionName.given(List.of(given), GivenSecrets.ofThisProcess()))
                .isEmpty();
        assertThat(ConnectionName.given(List.of(), secrets)).isEmpty();
    }

    private static void assertWrong(List<String> headers) {
        assertRefused(
                () -> ConnectionName.read(headers),
                ErrorCode.BAD_CREDENTIALS,
                "Parley-Connection is as an earlier answer gave it: 32 letters, digits, '-' or '_', and if you like a dot"
                        + " and 1 to 16 more of them.");
    }
}
