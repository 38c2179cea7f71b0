package dev.parley.security;

import static dev.parley.testing.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Credentials;
import dev.parley.protocol.ErrorCode;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsReaderTest {
    private final CredentialsReader reader = new CredentialsReader("parley-token", Set.of("trader", "operator"));

    @ParameterizedTest
    @ValueSource(strings = {"Bearer a.b-c_d", "bearer a.b-c_d", "BEARER   a.b-c_d ", "Bearer\ta.b-c_d"})
    void a_token_comes_in_the_header(String header) {
        assertThat(reader.read(List.of(header), List.of()).token()).contains("a.b-c_d");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "parley-token=a.b",
                "x=1; parley-token=a.b; y=2",
                "parley-token=\"a.b\"",
                " parley-token = a.b ",
                "parley-token=a.b;parley-token-2=c;xparley-token=d; junk"
            })
    void a_token_comes_in_the_cookie(String cookie) {
        assertThat(reader.read(List.of(), List.of("z=0", cookie)).token()).contains("a.b");
    }

    @Test
    void the_header_wins_over_the_cookie() {
        assertThat(reader.read(List.of("Bearer a"), List.of("parley-token=b")).token())
                .contains("a");
    }

    @Test
    void who_shows_nothing_shows_nothing() {
        assertThat(reader.read(List.of(), List.of("session=abc", "parley-token=", "Parley-Token=x")))
                .isEqualTo(Credentials.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic YW5uOnNlY3JldA==", "Negotiate abc", "Bearerish abc"})
    void other_schemes_are_the_containers_or_a_proxys(String header) {
        assertThat(reader.read(List.of(header), List.of())).isEqualTo(Credentials.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "Bearer ", "Bearer a b", "Bearer a,b", "Bearer \"a\"", "Bearer ä", "Bearer =a"})
    void a_header_that_cannot_be_right_is_an_error_and_no_guest(String header) {
        assertWrong(List.of(header), List.of(), "The Authorization header holds no token.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void an_empty_header_is_of_no_scheme(String header) {
        assertWrong(List.of(header), List.of(), "The request has an empty Authorization header.");
    }

    @Test
    void what_is_doubled_is_an_error_since_nobody_knows_which_is_meant() {
        String headers = "The request has more than one Authorization header.";
        String cookies = "The request has more than one cookie parley-token.";

        assertWrong(List.of("Bearer a", "Bearer a"), List.of(), headers);
        assertWrong(List.of("Bearer a", "Basic b"), List.of(), headers);
        assertWrong(List.of(), List.of("parley-token=a; parley-token=b"), cookies);
        assertWrong(List.of(), List.of("parley-token=a", "parley-token=b"), cookies);
    }

    @Test
    void a_cookie_that_cannot_be_right_is_an_error_too() {
        assertWrong(List.of(), List.of("parley-token=a b"), "The cookie parley-token holds no token.");
    }

    @Test
    void the_containers_user_comes_with_those_of_its_roles_that_matter() {
        Credentials shown = reader.read(List.of(), List.of(), () -> "ann", Set.of("trader", "other")::contains);

        assertThat(shown.principal()).contains("ann");
        assertThat(shown.roles()).containsExactly("trader");
    }

    @Test
    void nobody_whom_the_container_knows_has_no_roles() {
        assertThat(reader.read(List.of(), List.of(), null, role -> true)).isEqualTo(Credentials.NONE);
        assertThat(reader.read(List.of(), List.of(), () -> "", role -> true)).isEqualTo(Credentials.NONE);
    }

    /** The sentence holds nothing of what was shown. */
    private void assertWrong(List<String> authorization, List<String> cookies, String sentence) {
        assertRefused(() -> reader.read(authorization, cookies), ErrorCode.BAD_CREDENTIALS, sentence);
    }
}
