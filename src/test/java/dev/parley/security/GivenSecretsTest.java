package dev.parley.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GivenSecretsTest {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private final byte[] key = GivenSecrets.newKey();
    private final GivenSecrets secrets = new GivenSecrets(key);

    @Test
    void what_was_given_is_known_again_by_all_who_have_the_key() {
        Set<String> all = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            String secret = secrets.fresh();
            all.add(secret);
            assertThat(secret).matches("[A-Za-z0-9_-]{32}");
            assertThat(new GivenSecrets(key).include(secret)).isTrue();
        }
        assertThat(all).hasSize(1_000);
        assertThat(GivenSecrets.ofThisProcess().include(secrets.fresh())).isFalse();
    }

    @Test
    void no_character_of_one_can_be_another() {
        String secret = secrets.fresh();
        for (int i = 0; i < secret.length(); i++) {
            for (int j = 0; j < LETTERS.length(); j++) {
                String other = secret.substring(0, i) + LETTERS.charAt(j) + secret.substring(i + 1);
                assertThat(secrets.include(other)).isEqualTo(other.equals(secret));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "short",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "================================",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4"
            })
    void what_was_made_up_is_none(String secret) {
        assertThat(secrets.include(secret)).isFalse();
    }
}
