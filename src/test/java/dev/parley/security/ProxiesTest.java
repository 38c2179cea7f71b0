package dev.parley.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the server takes for the client behind proxies. */
class ProxiesTest {
    private static final Proxies OURS = Proxies.of(List.of("10.0.0.0/8", "192.0.2.7", "fd00::/8"));

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "10.0.0.1, true",
        "10.255.255.255, true",
        "11.0.0.0, false",
        "192.0.2.7, true",
        "192.0.2.8, false",
        "fd12:3456::1, true",
        "fe80::1, false",
        "::ffff:10.0.0.1, true",
        "localhost, false",
        "10, false",
        "'', false",
    })
    void aRangeHasTheAddressesThatBeginAsItDoes(String address, boolean included) {
        assertThat(OURS.include(address)).isEqualTo(included);
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy.example", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "/8", "fd00::/129", "*"})
    void what_is_no_address_or_range_cannot_be_listed(String text) {
        assertThatThrownBy(() -> Proxies.of(List.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is no address or range");
    }

    @ParameterizedTest(name = "{0} says {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            10.0.0.1    | for=203.0.113.9                                  | 203.0.113.9
            10.0.0.1    | For="203.0.113.9:4711";proto=https               | 203.0.113.9
            10.0.0.1    | for="[2001:db8::17]:4711"                        | 2001:db8:0:0:0:0:0:17
            10.0.0.1    | for=203.0.113.9, for=10.2.2.2                    | 203.0.113.9
            10.0.0.1    | for=198.51.100.1, for=203.0.113.9                | 203.0.113.9
            10.0.0.1    | for=10.1.1.1                                     | 10.1.1.1
            10.0.0.1    | for=_hidden                                      | _hidden
            10.0.0.1    | for=unknown                                      | unknown
            10.0.0.1    | for=203.0.113.9;by=10.0.0.1;ext="a,b;c"          | 203.0.113.9
            10.0.0.1    |                                                  | 10.0.0.1
            203.0.113.1 | for=198.51.100.1                                 | 203.0.113.1
            """)
    void theClientIsTheLastOneThatIsNoProxyOfOurs(String peer, String forwarded, String client) {
        Map<String, List<String>> headers = forwarded == null ? Map.of() : Map.of("Forwarded", List.of(forwarded));

        assertThat(behind(peer, headers).map(Caller::address)).contains(client);
    }

    @ParameterizedTest
    @ValueSource(strings = {"for", "for=a b", "for=\"203.0.113.9", "=x", "for=203.0.113.9;;x y", "for=[::1]:1,\u0000"})
    void what_cannot_be_read_is_not_guessed_at(String forwarded) {
        assertThat(behind("10.0.0.1", Map.of("Forwarded", List.of(forwarded)))).isEmpty();
    }

    @Test
    void the_older_headers_count_where_the_new_one_is_missing() {
        Caller caller = behind(
                        "10.0.0.1",
                        Map.of(
                                "X-Forwarded-For", List.of("198.51.100.1, 203.0.113.9", "10.3.3.3"),
                                "X-Forwarded-Proto", List.of("https"),
                                "X-Forwarded-Host", List.of("chat.example")))
                .orElseThrow();

        assertThat(caller).isEqualTo(new Caller("203.0.113.9", true, List.of("chat.example"), List.of("o")));
    }

    @Test
    void behind_a_proxy_that_ends_tls_the_own_origin_is_https() {
        Guard guard = new Guard(HostPolicy.open(List.of()), new OriginPolicy(List.of()), Limits.DEFAULTS, OURS);
        Caller direct = new Caller("10.0.0.1", false, List.of("internal:8080"), List.of("https://chat.example"));
        Map<String, List<String>> headers =
                Map.of("Forwarded", List.of("for=203.0.113.9;proto=https;host=chat.example"));

        assertThat(guard.check(direct)).map(Refusal::status).contains(403);
        Optional<Caller> caller = guard.behindProxies(direct, name -> headers.getOrDefault(name, List.of()));
        assertThat(guard.check(caller.orElseThrow())).isEmpty();
    }

    @Test
    void of_a_proxy_each_client_is_counted_by_itself() {
        Limits limits = Limits.DEFAULTS;
        Guard guard = new Guard(
                HostPolicy.open(List.of()),
                new OriginPolicy(List.of()),
                new Limits(
                        limits.commandsPerSecond(),
                        limits.burst(),
                        limits.subscriptions(),
                        limits.messageSize(),
                        limits.inlineSize(),
                        limits.batchSize(),
                        limits.sendTimeout(),
                        limits.publishesUnderWay(),
                        limits.repliesUnread(),
                        10,
                        1,
                        limits.handshakeTimeout()),
                OURS);

        assertThat(guard.admit("10.0.0.1").refusal()).isEmpty();
        assertThat(guard.admit("10.0.0.1").refusal()).isEmpty();
        ConnectionPermit first = guard.admitBehindProxy("203.0.113.9").permit().orElseThrow();
        assertThat(guard.admitBehindProxy("203.0.113.8").refusal()).isEmpty();
        assertThat(guard.admitBehindProxy("203.0.113.9").refusal())
                .map(Refusal::status)
                .contains(429);
        first.release();
        first.release();
        assertThat(guard.admitBehindProxy("203.0.113.9").refusal()).isEmpty();
        assertThat(guard.connections()).isEqualTo(2);
    }

    private static Optional<Caller> behind(String peer, Map<String, List<String>> headers) {
        return OURS.behind(
                new Caller(peer, false, List.of("h"), List.of("o")), name -> headers.getOrDefault(name, List.of()));
    }
}
