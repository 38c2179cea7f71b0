package dev.parley.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
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
    @ValueSource(
            strings = {"Bearer", "Bearer ", "", "Bearer a b", "Bearer a,b", "Bearer \"a\"", "Bearer ä", "Bearer =a"})
    void aHeaderThatCannotBeRightIsAnErrorAndNoGuest(String header) {
        assertRefused(List.of(header), List.of());
    }

    @Test
    void whatIsDoubledIsAnErrorSinceNobodyKnowsWhichIsMeant() {
        assertRefused(List.of("Bearer a", "Bearer a"), List.of());
        assertRefused(List.of("Bearer a", "Basic b"), List.of());
        assertRefused(List.of(), List.of("parley-token=a; parley-token=b"));
        assertRefused(List.of(), List.of("parley-token=a", "parley-token=b"));
        assertRefused(List.of(), List.of("parley-token=a b"));
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

    private void assertRefused(List<String> authorization, List<String> cookies) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> reader.read(authorization, cookies))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.BAD_CREDENTIALS))
                .withMessageNotContaining("Bearer a")
                .withMessageNotContaining("=a");
    }
}
