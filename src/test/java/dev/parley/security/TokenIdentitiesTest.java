package dev.parley.security;

import static dev.parley.testing.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Credentials;
import dev.parley.api.Identities;
import dev.parley.api.Identity;
import dev.parley.protocol.DisplayName;
import dev.parley.protocol.ErrorCode;
import dev.parley.testing.TestTokens;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Who a caller is, of the several things it may show. */
class TokenIdentitiesTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    private final TestTokens make = new TestTokens();
    private final Tokens tokens = new Tokens(
            new TokenSettings(
                    new TokenSettings.Secret(SECRET),
                    Optional.empty(),
                    Optional.empty(),
                    Set.of("HS256"),
                    Duration.ofMinutes(1),
                    TokenSettings.LIFETIME),
            Runnable::run);
    private final TokenIdentities open = new TokenIdentities(Optional.of(tokens), Optional.of(new Guests()));
    private final TokenIdentities closed = new TokenIdentities(Optional.of(tokens), Optional.empty());

    @Test
    void a_token_wins_over_the_containers_login_and_a_guests_secret() {
        Credentials all = new Credentials(
                Optional.of("bob"),
                Set.of("operator"),
                Optional.of(token("ann")),
                Optional.of("A".repeat(32)),
                Optional.of("Ann"));

        Identity identity = identify(open, all);

        assertThat(identity.user()).isEqualTo("ann");
        assertThat(identity.roles()).isEmpty();
        assertThat(identity.name()).contains("Ann");
        assertThat(identity.expires()).isPresent();
    }

    @Test
    void the_containers_login_comes_with_its_roles() {
        Credentials login = new Credentials(
                Optional.of("bob"), Set.of("operator"), Optional.empty(), Optional.empty(), Optional.empty());

        assertThat(identify(closed, login).user()).isEqualTo("bob");
        assertThat(identify(closed, login).roles()).containsExactly("operator");
        assertThat(identify(new Guests(), login).roles()).containsExactly("operator");
    }

    @Test
    void a_wrong_token_is_no_guest_and_no_login() {
        Credentials wrong =
                new Credentials(Optional.of("bob"), Set.of(), Optional.of("a.b.c"), Optional.empty(), Optional.empty());

        assertWrong(open, wrong, "This is not a signed token.");
    }

    @Test
    void who_shows_nothing_is_a_guest_where_guests_are_let_in() {
        assertThat(identify(open, Credentials.NONE).isGuest()).isTrue();
        assertWrong(closed, Credentials.NONE, "This server lets no guests in: show a token.");
        assertWrong(new Guests(), Credentials.bearing("a"), "This server takes no tokens.");
    }

    @Test
    void the_container_may_not_name_somebody_as_the_server_or_a_guest() {
        for (String user : new String[] {"server", "nobody", "guest-1"}) {
            Credentials login =
                    new Credentials(Optional.of(user), Set.of(), Optional.empty(), Optional.empty(), Optional.empty());

            assertWrong(open, login, "The container's user has a name it must not have.");
            assertWrong(new Guests(), login, "The container's user has a name it must not have.");
        }
    }

    @Test
    void a_name_that_cannot_be_shown_is_refused() {
        Credentials shown =
                Credentials.bearing(token("ann")).and(Optional.empty(), Optional.empty(), Optional.of("\n"));

        assertRefused(() -> identify(open, shown), ErrorCode.INVALID_NAME, DisplayName.RULE);
    }

    private static void assertWrong(Identities identities, Credentials shown, String sentence) {
        assertRefused(() -> identify(identities, shown), ErrorCode.BAD_CREDENTIALS, sentence);
    }

    private String token(String user) {
        return make.signed(SECRET, TestTokens.claims(user).build());
    }

    private static Identity identify(Identities identities, Credentials shown) {
        try {
            return identities.identify(shown).toCompletableFuture().join().identity();
        } catch (CompletionException e) {
            throw (RuntimeException) e.getCause();
        }
    }
}
