package dev.parley.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.parley.api.ChannelPolicy.Action;
import dev.parley.api.Credentials;
import dev.parley.api.Identity;
import dev.parley.api.Rights;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.testing.TestTokens;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
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
    void a_right_token_says_who_somebody_is() {
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
    void an_exp_in_milliseconds_is_refused_since_it_would_hold_for_ever() {
        Date milliseconds = Date.from(Instant.ofEpochSecond(now.plusSeconds(600).toEpochMilli()));

        assertThat(refusal(
                        tokens,
                        make.but(claims -> claims.issueTime(Date.from(now)).expirationTime(milliseconds))))
                .isEqualTo(ErrorCode.BAD_CREDENTIALS);
    }

    @Test
    void every_allowed_kind_of_key_will_do() {
        JWTClaimsSet claims = TestTokens.claims("ann").build();

        assertThat(check(tokens, make.signed(TestTokens.ec(), claims)).user()).isEqualTo("ann");
        assertThat(check(shared("HS256"), make.signed(SECRET, claims)).user()).isEqualTo("ann");
    }

    @Test
    void a_shared_secret_is_the_key_whatever_its_id_is_said_to_be() {
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
    void an_access_token_of_rfc9068_is_one_and_a_logout_token_is_not() {
        JWTClaimsSet claims = TestTokens.claims("ann").build();

        assertThat(check(tokens, make.typed("at+jwt", claims)).user()).isEqualTo("ann");
        assertThat(check(tokens, make.typed("AT+JWT", claims)).user()).isEqualTo("ann");
        assertThat(check(tokens, make.typed("application/at+jwt", claims)).user())
                .isEqualTo("ann");
        assertThat(check(tokens, make.typed("application/jwt", claims)).user()).isEqualTo("ann");
        assertThat(refusal(tokens, make.typed("logout+jwt", claims))).isEqualTo(ErrorCode.BAD_CREDENTIALS);
        assertThat(failure(tokens, make.typed("logout+jwt", claims)).reason())
                .isEqualTo("The token is of another type than JWT.");
    }

    @Test
    void a_token_that_nobody_signed_or_signed_by_another_algorithm_is_not_taken() {
        JWTClaimsSet claims = TestTokens.claims("ann", "operator").build();

        assertThat(refusal(tokens, make.unsigned(claims))).isEqualTo(ErrorCode.ALGORITHM_NOT_ALLOWED);
        assertThat(refusal(tokens, make.confused(claims))).isEqualTo(ErrorCode.ALGORITHM_NOT_ALLOWED);
        assertThat(refusal(tokens, make.signed(SECRET, claims))).isEqualTo(ErrorCode.ALGORITHM_NOT_ALLOWED);
        assertThat(refusal(shared("HS256"), make.of("ann"))).isEqualTo(ErrorCode.ALGORITHM_NOT_ALLOWED);
        assertThat(refusal(shared("HS384"), make.signed(SECRET, claims))).isEqualTo(ErrorCode.ALGORITHM_NOT_ALLOWED);
    }

    /** Even where an operator allows both kinds, a public key is no secret. */
    @Test
    void a_public_key_is_no_secret_even_where_both_algorithms_are_allowed() {
        Tokens both =
                tokens(new TokenSettings.Jwks("test", Duration.ofSeconds(10)), keys(), Set.of("RS256", "HS256"), now);

        assertThat(refusal(both, make.confused(TestTokens.claims("ann").build())))
                .isEqualTo(ErrorCode.UNKNOWN_KEY);
    }

    @Test
    void a_wrong_signature_and_an_unknown_key_are_told_apart() {
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
    void issuer_and_audience_must_be_the_ones_of_the_settings() {
        assertRefused(claims -> claims.issuer("https://other.example"), ErrorCode.WRONG_ISSUER);
        assertRefused(claims -> claims.issuer(null), ErrorCode.WRONG_ISSUER);
        assertRefused(claims -> claims.audience("other"), ErrorCode.WRONG_AUDIENCE);
        assertRefused(claims -> claims.audience((String) null), ErrorCode.WRONG_AUDIENCE);
        assertThat(check(tokens, make.but(claims -> claims.audience(List.of("other", "parley"))))
                        .user())
                .isEqualTo("ann");
    }

    @Test
    void a_token_is_taken_until_its_end_and_the_clocks_difference_and_not_longer() {
        Date end = Date.from(now.plusSeconds(100));
        String token = make.but(claims -> claims.issueTime(Date.from(now)).expirationTime(end));
        Instant last = now.plusSeconds(160);

        assertThat(check(at(last.minusMillis(1)), token).expires()).contains(last);
        assertThat(refusal(at(last), token)).isEqualTo(ErrorCode.TOKEN_EXPIRED);
        assertWrong(claims -> claims.expirationTime(null), "The token has no claim exp.");
    }

    @Test
    void a_token_of_the_future_is_not_taken_yet() {
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
    void a_name_that_is_the_servers_or_a_guests_is_nobodys_to_give(String user) {
        assertWrong(claims -> claims.subject(user), "The token's sub is no user that can be.");
    }

    @Test
    void a_token_without_a_subject_is_nobodys() {
        assertWrong(claims -> claims.subject(null), "The token's sub is no user that can be.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b", "a.b.c", "e30.e30.e30", "....", "eyJhbGciOiJSUzI1NiJ9.e30.", "\ud800.\n.x"})
    void what_is_no_token_is_refused(String text) {
        assertThat(refusal(tokens, text))
                .isIn(ErrorCode.BAD_CREDENTIALS, ErrorCode.UNKNOWN_KEY, ErrorCode.BAD_SIGNATURE);
    }

    @Test
    void a_token_that_is_too_long_is_refused_unread() {
        String token = make.of("ann") + "A".repeat(Tokens.LONGEST);

        assertThat(refusal(tokens, token)).isEqualTo(ErrorCode.BAD_CREDENTIALS);
        assertThat(failure(tokens, token).reason())
                .isEqualTo("The token has " + token.length() + " characters; the limit is 16384.");
    }

    @Test
    void claims_of_another_form_are_refused_and_do_no_harm() {
        assertForm("roles or groups", claims -> claims.claim("roles", "trader"));
        assertForm("roles or groups", claims -> claims.claim("roles", Arrays.asList("trader", null)));
        assertForm("roles or groups", claims -> claims.claim("groups", List.of(7)));
        assertForm("name", claims -> claims.claim("name", 7));
        assertForm("channels", claims -> claims.claim("channels", "all"));
        assertForm("channels", claims -> claims.claim("channels", List.of()));
        assertForm("channels", claims -> claims.claim("channels", List.of("chat.*")));
        assertForm("channels", claims -> claims.claim("channels", Map.of("publish", "a")));
        assertForm("channels", claims -> claims.claim("channels", Map.of("publish", List.of(7))));
        assertForm("channels", claims -> claims.claim("channels", Map.of("publish", List.of("***"))));
        assertThat(check(tokens, make.but(claims -> claims.claim("deep", TestTokens.nested(200))))
                        .user())
                .isEqualTo("ann");
    }

    /** The library leaves them out of what it writes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"channels\":null",
                "\"channels\":{\"subscribe\":null}",
                "\"channels\":{\"history\":null,\"subscribe\":[\"a\"]}",
                "\"roles\":null",
                "\"groups\":null",
                "\"name\":null",
                "\"nbf\":null",
                "\"iat\":null",
                "\"iat\":\"then\"",
                "\"roles\":{\"a\":1}"
            })
    void null_is_no_form_of_a_claim(String claim) {
        long end = now.plusSeconds(600).getEpochSecond();
        String payload = "{\"sub\":\"ann\",\"iss\":\"" + TestTokens.ISSUER + "\",\"aud\":\"" + TestTokens.AUDIENCE
                + "\",\"exp\":" + end + "," + claim + "}";

        assertThat(refusal(shared("HS256"), make.raw(SECRET, payload))).isEqualTo(ErrorCode.BAD_CREDENTIALS);
    }

    @Test
    void of_a_name_what_cannot_be_seen_is_left_out() {
        Map<String, Optional<String>> shown = Map.of(
                "\u202e", Optional.empty(),
                "\u3164\u3164", Optional.empty(),
                "An\u200bn\u202e", Optional.of("Ann"),
                " Ann\u00a0\u3000 Lee ", Optional.of("Ann Lee"),
                "A\u043dn", Optional.empty());
        shown.forEach((name, expected) -> assertThat(check(tokens, make.but(claims -> claims.claim("name", name)))
                        .name())
                .isEqualTo(expected));
    }

    @Test
    void a_token_that_does_not_say_when_it_was_made_was_made_as_long_before_its_end_as_tokens_live() {
        Identity identity = check(
                tokens, make.but(claims -> claims.issueTime(null).expirationTime(Date.from(now.plusSeconds(3_000)))));
        RevocationList revoked = new RevocationList();

        assertThat(identity.issued()).contains(now.minusSeconds(600));
        revoked.add("ann", now.minusSeconds(601));
        assertThat(revoked.includes(identity)).isFalse();
        revoked.add("ann", now.minusSeconds(599));
        assertThat(revoked.includes(identity)).isTrue();
    }

    @Test
    void one_that_lives_longer_than_tokens_do_must_say_when_it_was_made() {
        Date late = Date.from(now.plusSeconds(3_600 + 61));

        assertWrong(
                claims -> claims.issueTime(null).expirationTime(late),
                "The token has no claim iat, and holds for longer than PT1H (parley.auth.token-lifetime).");
        assertThat(check(
                                tokens,
                                make.but(claims ->
                                        claims.issueTime(Date.from(now)).expirationTime(late)))
                        .user())
                .isEqualTo("ann");
    }

    @Test
    void a_token_may_name_the_only_channels_it_is_for() {
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
    void nothing_of_a_token_stands_in_what_is_said_of_it() {
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

    private void assertForm(String claim, Consumer<JWTClaimsSet.Builder> change) {
        assertWrong(change, "The token's claim " + claim + " is not of the form it must be.");
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
                place,
                Optional.of(TestTokens.ISSUER),
                Optional.of(TestTokens.AUDIENCE),
                algorithms,
                SKEW,
                Duration.ofHours(1));
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
