package dev.parley.security;

import static dev.parley.testing.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

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
    void aTokenComesInTheHeader(String header) {
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
    void aTokenComesInTheCookie(String cookie) {
        assertThat(reader.read(List.of(), List.of("z=0", cookie)).token()).contains("a.b");
    }

    @Test
    void theHeaderWinsOverTheCookie() {
        assertThat(reader.read(List.of("Bearer a"), List.of("parley-token=b")).token())
                .contains("a");
    }

    @Test
    void whoShowsNothingShowsNothing() {
        assertThat(reader.read(List.of(), List.of("session=abc", "parley-token=", "Parley-Token=x")))
                .isEqualTo(Credentials.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic YW5uOnNlY3JldA==", "Negotiate abc", "Bearerish abc"})
    void otherSchemesAreTheContainersOrAProxys(String header) {
        assertThat(reader.read(List.of(header), List.of())).isEqualTo(Credentials.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "Bearer ", "Bearer a b", "Bearer a,b", "Bearer \"a\"", "Bearer ä", "Bearer =a"})
    void aHeaderThatCannotBeRightIsAnErrorAndNoGuest(String header) {
        assertWrong(List.of(header), List.of(), "The Authorization header holds no token.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void anEmptyHeaderIsOfNoScheme(String header) {
        assertWrong(List.of(header), List.of(), "The request has an empty Authorization header.");
    }

    @Test
    void whatIsDoubledIsAnErrorSinceNobodyKnowsWhichIsMeant() {
        String headers = "The request has more than one Authorization header.";
        String cookies = "The request has more than one cookie parley-token.";

        assertWrong(List.of("Bearer a", "Bearer a"), List.of(), headers);
        assertWrong(List.of("Bearer a", "Basic b"), List.of(), headers);
        assertWrong(List.of(), List.of("parley-token=a; parley-token=b"), cookies);
        assertWrong(List.of(), List.of("parley-token=a", "parley-token=b"), cookies);
    }

    @Test
    void aCookieThatCannotBeRightIsAnErrorToo() {
        assertWrong(List.of(), List.of("parley-token=a b"), "The cookie parley-token holds no token.");
    }

    @Test
    void theContainersUserComesWithThoseOfItsRolesThatMatter() {
        Credentials shown = reader.read(List.of(), List.of(), () -> "ann", Set.of("trader", "other")::contains);

        assertThat(shown.principal()).contains("ann");
        assertThat(shown.roles()).containsExactly("trader");
        assertThat(HandshakePrincipal.of(shown).orElseThrow().getName()).isEqualTo("ann");
    }

    @Test
    void nobodyWhomTheContainerKnowsHasNoRoles() {
        assertThat(reader.read(List.of(), List.of(), null, role -> true)).isEqualTo(Credentials.NONE);
        assertThat(reader.read(List.of(), List.of(), () -> "", role -> true)).isEqualTo(Credentials.NONE);
        assertThat(HandshakePrincipal.of(Credentials.NONE)).isEmpty();
    }

    @Test
    void aPrincipalCarriesATokenWithoutBeingAnybody() {
        HandshakePrincipal principal =
                HandshakePrincipal.of(Credentials.bearing("a.b.c")).orElseThrow();

        assertThat(principal.getName()).isEmpty();
        assertThat(principal.toString()).doesNotContain("a.b.c");
        assertThat(HandshakePrincipal.credentialsOf(principal).token()).contains("a.b.c");
        assertThat(HandshakePrincipal.credentialsOf(() -> "ann").principal()).contains("ann");
    }

    /** The sentence holds nothing of what was shown. */
    private void assertWrong(List<String> authorization, List<String> cookies, String sentence) {
        assertRefused(() -> reader.read(authorization, cookies), ErrorCode.BAD_CREDENTIALS, sentence);
    }
}
