package dev.parley.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the server takes for the client behind proxies. */
class ProxiesTest {
    private static final long SMALL_STACK = 160 * 1024;
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
        "fd12:0:0:0:0:0:0:1%eth0, true",
        "::ffff:10.0.0.1, true",
        "localhost, false",
        "10, false",
        "'', false",
    })
    void aRangeHasTheAddressesThatBeginAsItDoes(String address, boolean included) {
        assertThat(OURS.include(address)).isEqualTo(included);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy.example",
                "10.0.0.0/33",
                "10.0.0/8",
                "10.0.0.0/",
                "/8",
                "fd00::/129",
                "*",
                "10.0.0.0/-1",
                "10.0.0.0/08a",
                "010.0.0.0/8"
            })
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
            10.0.0.1    | for="unknown:4711"                               | unknown
            10.0.0.1    | for="_hidden:_port"                              | _hidden
            10.0.0.1    | for=203.0.113.9:4711                             | 203.0.113.9
            10.0.0.1    | for="203\\.0\\.113\\.9"                           | 203.0.113.9
            10.0.0.1    | for=198.51.100.1, proto=https                    | 10.0.0.1
            10.0.0.1    | ,;for=203.0.113.9; ,                             | 203.0.113.9
            10.0.0.1    | for=203.0.113.9;by=10.0.0.1;ext="a,b;c"          | 203.0.113.9
            10.0.0.1    |                                                  | 10.0.0.1
            203.0.113.1 | for=198.51.100.1                                 | 203.0.113.1
            """)
    void theClientIsTheLastOneThatIsNoProxyOfOurs(String peer, String forwarded, String client) {
        Map<String, List<String>> headers = forwarded == null ? Map.of() : Map.of("Forwarded", List.of(forwarded));

        assertThat(behind(peer, headers).map(Caller::address)).contains(client);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "for",
                "for=a b",
                "for=\"203.0.113.9",
                "=x",
                "for=203.0.113.9;;x y",
                "for=[::1]:1,\u0000",
                "for=203.0.113.9;for=198.51.100.1",
                "for=zzz:q.example",
                "for=q.example",
                "for=\"[q.example]\"",
                "for=\"\"",
                "for=\"[fe80::1%eth0]\"",
                "for=\"[::1\"",
                "for=\"[::1]x\"",
                "for=_",
                "for=\"203.0.113.9:\"",
                "proto=gopher",
                "for=\"203.0.113.9\\",
                "for=203.0.113.9;proto=https;proto=http"
            })
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

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            203.0.113.9                    | 203.0.113.9
            198.51.100.1, 203.0.113.9      | 203.0.113.9
            q.example, 203.0.113.9         | 203.0.113.9
            203.0.113.9:4711               | 203.0.113.9
            2001:db8::17                   | 2001:db8:0:0:0:0:0:17
            [2001:db8::17]:4711            | 2001:db8:0:0:0:0:0:17
            unknown                        | unknown
            198.51.100.1, unknown          | unknown
            10.2.2.2, 10.3.3.3             | 10.2.2.2
            203.0.113.9,,                  | 203.0.113.9
            zzz:q.example                  |
            203.0.113.9, q.example         |
            203.0.113.9, fe80::1%eth0      |
            """)
    void the_older_header_is_read_from_its_end_up_to_the_client(String value, String client) {
        assertThat(behind("10.0.0.1", Map.of("X-Forwarded-For", List.of(value))).map(Caller::address))
                .isEqualTo(Optional.ofNullable(client));
    }

    @ParameterizedTest
    @CsvSource({"https, true", "HTTPS, true", "wss, true", "http, false", "ws, false", "'https, http', false"})
    void the_scheme_alone_is_heeded(String proto, boolean secure) {
        Map<String, List<String>> headers = Map.of("X-Forwarded-Proto", List.of(proto));

        assertThat(behind("10.0.0.1", headers)).contains(new Caller("10.0.0.1", secure, List.of("h"), List.of("o")));
        assertThat(behind("203.0.113.1", headers))
                .contains(new Caller("203.0.113.1", false, List.of("h"), List.of("o")));
    }

    @Test
    void the_host_alone_is_heeded() {
        assertThat(behind("10.0.0.1", Map.of("X-Forwarded-Host", List.of("chat.example"))))
                .contains(new Caller("10.0.0.1", false, List.of("chat.example"), List.of("o")));
    }

    @ParameterizedTest(name = "{0} beside {1} {2} {3}: {4}")
    @CsvSource(delimiter = '|', textBlock = """
            for=203.0.113.9                      | 203.0.113.9               |       |              | true
            for=203.0.113.9                      | 198.51.100.1, 203.0.113.9 | https | chat.example | true
            for="203.0.113.9:1";proto=https      | 203.0.113.9               | https |              | true
            for="[2001:db8::17]"                 | 2001:db8:0::17            |       |              | true
            for=203.0.113.9;host=Chat.example    | 203.0.113.9               |       | chat.example | true
            proto=https                          | 203.0.113.9               |       |              | true
            for=198.51.100.1                     | 203.0.113.9               |       |              | false
            for=203.0.113.9, for=198.51.100.1    | 203.0.113.9               |       |              | false
            for=unknown                          | 203.0.113.9               |       |              | false
            for=203.0.113.9;proto=http           | 203.0.113.9               | https |              | false
            for=203.0.113.9;host=evil.example    | 203.0.113.9               |       | chat.example | false
            """)
    void a_proxy_that_says_two_things_is_not_believed(
            String forwarded, String node, String proto, String host, boolean believed) {
        Map<String, List<String>> headers = new HashMap<>();
        headers.put("Forwarded", List.of(forwarded));
        headers.put("X-Forwarded-For", List.of(node));
        headers.put("X-Forwarded-Proto", proto == null ? List.of() : List.of(proto));
        headers.put("X-Forwarded-Host", host == null ? List.of() : List.of(host));

        assertThat(behind("10.0.0.1", headers).isPresent()).isEqualTo(believed);
    }

    static List<String> nasties() {
        List<String> values = new ArrayList<>();
        for (int length : new int[] {2_000, 8_000}) {
            for (String piece : new String[] {
                "\"",
                "\\",
                "\\\"",
                ";",
                ",",
                "=",
                "[",
                "]",
                ":",
                ".",
                "a",
                "0",
                " ",
                "\t",
                "%",
                "_",
                "\u00ff",
                "a=",
                "a=b;",
                "a=b,",
                "a=\"",
                "a=\"b\",",
                "\"a=b",
                "a=\\",
                "1.",
                "1:",
                "for=",
                "for=a,",
                "for=1.1.1.1,",
                "for=10.0.0.1,",
                "10.0.0.1,",
                "[::1],"
            }) {
                String repeated = piece.repeat(length / piece.length());
                values.addAll(List.of(repeated, "for=" + repeated, "for=\"" + repeated, "for=\"" + repeated + "\""));
            }
        }
        return values;
    }

    /** In the stack that a worker has: none of them may need more of it the longer it is. */
    @ParameterizedTest
    @MethodSource("nasties")
    void what_is_long_and_strange_is_read_or_refused(String value) throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread worker = new Thread(
                null,
                () -> {
                    for (String header :
                            new String[] {"Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"}) {
                        behind("10.0.0.1", Map.of(header, List.of(value)))
                                .ifPresent(caller -> new OriginPolicy(List.of("https://chat.example"))
                                        .check(new Caller("", true, List.of(value), List.of(value))));
                    }
                    Authority.parse(value);
                    Authority.parse("[" + value);
                },
                "worker",
                SMALL_STACK);
        worker.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
        worker.start();
        worker.join();

        assertThat(failure.get()).isNull();
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
                        limits.handshakeTimeout(),
                        limits.publishRate()),
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
