package dev.parley.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.security.ChannelPolicy.Action;
import dev.parley.testing.TestTokens;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken for a token and what is not, each with its own code. */
class TokensTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final Duration SKEW = Duration.ofSeconds(60);

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final TestTokens make = new TestTokens();
    private final Tokens tokens = published();

    @Test
    void aRightTokenSaysWhoSomebodyIs() {
        String token = make.but(claims -> claims.claim("name", "Ann")
                .claim("roles", List.of("trader"))
                .claim("groups", List.of("staff"))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(600))));

        Identity identity = check(tokens, token);

        assertThat(identity.user()).isEqualTo("ann");
        assertThat(identity.name()).contains("Ann");
        assertThat(identity.roles()).containsExactlyInAnyOrder("trader", "staff");
        assertThat(identity.issued()).contains(now);
        assertThat(identity.expires()).contains(now.plusSeconds(660));
        assertThat(identity.rights()).isSameAs(Rights.ALL);
    }

    @Test
    void everyAllowedKindOfKeyWillDo() {
        JWTClaimsSet claims = TestTokens.claims("ann").build();

        assertThat(check(tokens, make.signed(TestTokens.ec(), claims)).user()).isEqualTo("ann");
        assertThat(check(shared("HS256"), make.signed(SECRET, claims)).user()).isEqualTo("ann");
    }

    @Test
    void aSharedSecretIsTheKeyWhateverItsIdIsSaidToBe() {
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("some-id").build();

        assertThat(check(
                                shared("HS256"),
                                make.signed(
                                        header, SECRET, TestTokens.claims("ann").build()))
                        .user())
                .isEqualTo("ann");
    }

    @Test
    void anAccessTokenOfRfc9068IsOneAndALogoutTokenIsNot() {
        JWTClaimsSet claims = TestTokens.claims("ann").build();

        assertThat(check(tokens, make.typed("at+jwt", claims)).user()).isEqualTo("ann");
        assertThat(check(tokens, make.typed("AT+JWT", claims)).user()).isEqualTo("ann");
        assertThat(refusal(tokens, make.typed("logout+jwt", claims))).isEqualTo(ErrorCode.BAD_CREDENTIALS);
        assertThat(failure(tokens, make.typed("logout+jwt", claims)).reason())
                .isEqualTo("The token is of another type than JWT.");
    }

    @Test
    void aTokenThatNobodySignedOrSignedByAnotherAlgorithmIsNotTaken() {
        JWTClaimsSet claims = TestTokens.claims("ann", "operator").build();

        assertThat(refusal(tokens, make.unsigned(claims))).isEqualTo(ErrorCode.ALGORITHM_NOT_ALLOWED);
        assertThat(refusal(tokens, make.confused(claims))).isEqualTo(ErrorCode.ALGORITHM_NOT_ALLOWED);
        assertThat(refusal(tokens, make.signed(SECRET, claims))).isEqualTo(ErrorCode.ALGORITHM_NOT_ALLOWED);
        assertThat(refusal(shared("HS256"), make.of("ann"))).isEqualTo(ErrorCode.ALGORITHM_NOT_ALLOWED);
        assertThat(refusal(shared("HS384"), make.signed(SECRET, claims))).isEqualTo(ErrorCode.ALGORITHM_NOT_ALLOWED);
    }

    /** Even where an operator allows both kinds, a public key is no secret. */
    @Test
    void aPublicKeyIsNoSecretEvenWhereBothAlgorithmsAreAllowed() {
        Tokens both =
                tokens(new TokenSettings.Jwks("test", Duration.ofSeconds(10)), keys(), Set.of("RS256", "HS256"), now);

        assertThat(refusal(both, make.confused(TestTokens.claims("ann").build())))
                .isEqualTo(ErrorCode.UNKNOWN_KEY);
    }

    @Test
    void aWrongSignatureAndAnUnknownKeyAreToldApart() {
        JWTClaimsSet claims = TestTokens.claims("ann", "operator").build();

        assertThat(refusal(tokens, make.forged(claims))).isEqualTo(ErrorCode.BAD_SIGNATURE);
        assertThat(refusal(tokens, make.signed(TestTokens.rsa("rsa-2"), claims)))
                .isEqualTo(ErrorCode.UNKNOWN_KEY);
        assertThat(refusal(tokens, make.signed(TestTokens.rsa("rsa-1"), claims)))
                .isEqualTo(ErrorCode.BAD_SIGNATURE);
        assertThat(refusal(shared("HS256"), make.signed("another secret of thirty-two bytes", claims)))
                .isEqualTo(ErrorCode.BAD_SIGNATURE);
    }

    @Test
    void issuerAndAudienceMustBeTheOnesOfTheSettings() {
        assertRefused(claims -> claims.issuer("https://other.example"), ErrorCode.WRONG_ISSUER);
        assertRefused(claims -> claims.issuer(null), ErrorCode.WRONG_ISSUER);
        assertRefused(claims -> claims.audience("other"), ErrorCode.WRONG_AUDIENCE);
        assertRefused(claims -> claims.audience((String) null), ErrorCode.WRONG_AUDIENCE);
        assertThat(check(tokens, make.but(claims -> claims.audience(List.of("other", "parley"))))
                        .user())
                .isEqualTo("ann");
    }

    @Test
    void aTokenIsTakenUntilItsEndAndTheClocksDifferenceAndNotLonger() {
        Date end = Date.from(now.plusSeconds(100));
        String token = make.but(claims -> claims.issueTime(Date.from(now)).expirationTime(end));
        Instant last = now.plusSeconds(160);

        assertThat(check(at(last.minusMillis(1)), token).expires()).contains(last);
        assertThat(refusal(at(last), token)).isEqualTo(ErrorCode.TOKEN_EXPIRED);
        assertWrong(claims -> claims.expirationTime(null), "The token has no claim exp.");
    }

    @Test
    void aTokenOfTheFutureIsNotTakenYet() {
        Date later = Date.from(now.plusSeconds(61));
        Date soon = Date.from(now.plusSeconds(60));

        assertWrong(claims -> claims.notBeforeTime(later), "The token is not valid yet; see its nbf and iat.");
        assertWrong(claims -> claims.issueTime(later), "The token is not valid yet; see its nbf and iat.");
        assertThat(check(tokens, make.but(claims -> claims.notBeforeTime(soon).issueTime(soon)))
                        .user())
                .isEqualTo("ann");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "nobody", "guest-5d2e", "", " ", "a\u0000b", "a\u202eb"})
    void aNameThatIsTheServersOrAGuestsIsNobodysToGive(String user) {
        assertWrong(claims -> claims.subject(user), "The token's sub is no user that can be.");
    }

    @Test
    void aTokenWithoutASubjectIsNobodys() {
        assertWrong(claims -> claims.subject(null), "The token's sub is no user that can be.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b", "a.b.c", "e30.e30.e30", "....", "eyJhbGciOiJSUzI1NiJ9.e30.", "\ud800.\n.x"})
    void whatIsNoTokenIsRefused(String text) {
        assertThat(refusal(tokens, text))
                .isIn(ErrorCode.BAD_CREDENTIALS, ErrorCode.UNKNOWN_KEY, ErrorCode.BAD_SIGNATURE);
    }

    @Test
    void aTokenThatIsTooLongIsRefusedUnread() {
        String token = make.of("ann") + "A".repeat(Tokens.LONGEST);

        assertThat(refusal(tokens, token)).isEqualTo(ErrorCode.BAD_CREDENTIALS);
        assertThat(failure(tokens, token).reason())
                .isEqualTo("The token has " + token.length() + " characters; the limit is 16384.");
    }

    @Test
    void claimsOfAnotherFormAreRefusedAndDoNoHarm() {
        String form = "A claim of the token is not of the form it must be.";

        assertWrong(claims -> claims.claim("roles", "trader"), form);
        assertWrong(claims -> claims.claim("name", 7), form);
        assertWrong(claims -> claims.claim("channels", "all"), form);
        assertWrong(claims -> claims.claim("channels", Map.of("publish", "a")), form);
        assertWrong(claims -> claims.claim("channels", Map.of("publish", List.of("***"))), form);
        assertThat(check(tokens, make.but(claims -> claims.claim("deep", TestTokens.nested(200))))
                        .user())
                .isEqualTo("ann");
        assertThat(check(tokens, make.but(claims -> claims.claim("name", "\u202e")))
                        .name())
                .isEmpty();
    }

    @Test
    void aTokenMayNameTheOnlyChannelsItIsFor() {
        Rights rights = check(
                        tokens,
                        make.but(claims -> claims.claim(
                                "channels", Map.of("subscribe", List.of("chat.*"), "publish", List.of("chat.lobby")))))
                .rights();

        assertThat(rights.allow(Action.SUBSCRIBE, "chat.any")).isTrue();
        assertThat(rights.allow(Action.HISTORY, "chat.any")).isTrue();
        assertThat(rights.allow(Action.PUBLISH, "chat.lobby")).isTrue();
        assertThat(rights.allow(Action.PUBLISH, "chat.any")).isFalse();
        assertThat(rights.allow(Action.SUBSCRIBE, "orders.a")).isFalse();
    }

    @Test
    void nothingOfATokenStandsInWhatIsSaidOfIt() {
        String token = make.forged(TestTokens.claims("mallory").build());

        RefusedException failure = failure(tokens, token);

        assertThat(failure.reason()).doesNotContain(make.secretParts());
        assertThat(Credentials.bearing(token).toString()).doesNotContain(make.secretParts());
    }

    /** Of what has no code of its own the sentence tells. */
    private void assertWrong(Consumer<JWTClaimsSet.Builder> change, String sentence) {
        RefusedException failure = failure(tokens, make.but(change));
        assertThat(failure.code()).isEqualTo(ErrorCode.BAD_CREDENTIALS);
        assertThat(failure.reason()).isEqualTo(sentence);
    }

    private void assertRefused(Consumer<JWTClaimsSet.Builder> change, ErrorCode code) {
        assertThat(refusal(tokens, make.but(change))).isEqualTo(code);
    }

    private Tokens published() {
        return at(now);
    }

    private static Tokens at(Instant now) {
        return tokens(new TokenSettings.Jwks("test", Duration.ofSeconds(10)), keys(), Set.of("RS256", "ES256"), now);
    }

    private Tokens shared(String algorithm) {
        return tokens(new TokenSettings.Secret(SECRET), new SecretKey(SECRET), Set.of(algorithm), now);
    }

    private static Tokens tokens(TokenSettings.Keys place, TokenKeys keys, Set<String> algorithms, Instant now) {
        TokenSettings settings = new TokenSettings(
                place, Optional.of(TestTokens.ISSUER), Optional.of(TestTokens.AUDIENCE), algorithms, SKEW);
        return new Tokens(settings, keys, () -> now);
    }

    private static TokenKeys keys() {
        return new PublishedKeys(
                new TokenSettings.Jwks("test", Duration.ofSeconds(10)),
                () -> JWKSet.parse(TestTokens.jwks(TestTokens.rsa(), TestTokens.ec())),
                Runnable::run,
                () -> 0);
    }

    private static Identity check(Tokens tokens, String token) {
        return tokens.check(token).toCompletableFuture().join();
    }

    private static ErrorCode refusal(Tokens tokens, String token) {
        return failure(tokens, token).code();
    }

    private static RefusedException failure(Tokens tokens, String token) {
        try {
            throw new AssertionError("taken: " + check(tokens, token));
        } catch (CompletionException e) {
            return (RefusedException) e.getCause();
        }
    }
}
