package dev.parley.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardTest {
    private static final Limits TWO_IN_ALL = limits(2, 0);

    /** Host and Origin as sent, blank for none; two values of a header are separated by a comma and a blank. */
    @ParameterizedTest(name = "Host {0}, Origin {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            localhost:8080            |                              | 0
            LOCALHOST.                |                              | 0
            127.0.0.1:8080            |                              | 0
            127.9.8.7                 |                              | 0
            [::1]:8080                |                              | 0
            [0:0:0:0:0:0:0:1]         |                              | 0
                                      |                              | 400
            localhost, localhost      |                              | 400
            localhost:99999           |                              | 400
            user@localhost            |                              | 400
            evil.example              |                              | 403
            localhost.evil.example    |                              | 403
            127.0.0.1.evil.example    |                              | 403
            127.0.0.256               |                              | 403
            127.1                     |                              | 403
            0.0.0.0                   |                              | 403
            [::2]                     |                              | 403
            proxy.example             |                              | 0
            localhost:8080            | http://localhost:8080        | 0
            LocalHost:8080            | http://localhost:8080        | 0
            localhost                 | http://localhost             | 0
            localhost                 | http://localhost:80          | 0
            [::1]:8080                | http://[::1]:8080            | 0
            localhost:8080            | https://localhost:8080       | 403
            localhost:8080            | http://localhost:8081        | 403
            localhost:8080            | http://localhost             | 403
            localhost:8080            | http://127.0.0.1:8080        | 403
            localhost:8080            | http://evil.example          | 403
            localhost:8080            | null                         | 403
            localhost:8080            | http://localhost:8080/       | 403
            localhost:8080            | http://localhost:8080.evil   | 403
            localhost:8080            | http://a@localhost:8080      | 403
            localhost:8080            | localhost:8080               | 403
            localhost:8080            | http://localhost:8080, http://localhost:8080 | 403
            localhost:8080            | https://chat.example         | 0
            localhost:8080            | https://chat.example:443     | 0
            localhost:8080            | HTTPS://CHAT.example         | 0
            localhost:8080            | http://chat.example          | 403
            localhost:8080            | https://chat.example.evil    | 403
            localhost:8080            | https://evilchat.example     | 403
            localhost:8080            | https://a.chat.example       | 403
            localhost:8080            | https://chat.example:8443    | 403
            """)
    void onLoopbackItLetsIn(String hosts, String origins, int status) {
        Guard guard = new Guard(
                HostPolicy.onLoopback(List.of("proxy.example")),
                new OriginPolicy(List.of("https://chat.example")),
                Limits.DEFAULTS);

        assertThat(status(guard, false, hosts, origins)).isEqualTo(status);
    }

    @ParameterizedTest(name = "hosts {0}, Host {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
                         | anything.example  | 0
                         |                   | 0
            chat.example | chat.example:8080 | 0
            chat.example | CHAT.example      | 0
            chat.example | localhost         | 403
            chat.example | evil.example      | 403
            chat.example |                   | 400
            *            | anything.example  | 0
            """)
    void whereOthersReachItItAnswersToTheNamesListedOrToAny(String names, String hosts, int status) {
        Guard guard = new Guard(HostPolicy.open(values(names)), new OriginPolicy(List.of()), Limits.DEFAULTS);

        assertThat(status(guard, false, hosts, null)).isEqualTo(status);
    }

    @Test
    void over_tls_the_own_origin_is_https() {
        Guard guard = new Guard(HostPolicy.open(List.of()), new OriginPolicy(List.of()), Limits.DEFAULTS);

        assertThat(status(guard, true, "chat.example", "https://chat.example")).isZero();
        assertThat(status(guard, true, "chat.example", "http://chat.example")).isEqualTo(403);
    }

    @Test
    void every_origin_is_let_in_when_the_setting_says_so_but_never_two() {
        Guard guard = new Guard(HostPolicy.open(List.of()), new OriginPolicy(List.of("*")), Limits.DEFAULTS);

        assertThat(status(guard, false, "a.example", "https://b.example")).isZero();
        assertThat(status(guard, false, "a.example", "null")).isZero();
        assertThat(status(guard, false, "a.example", "https://b.example, https://c.example"))
                .isEqualTo(403);
    }

    @Test
    void a_page_that_only_the_star_lets_in_is_given_no_credentials_and_its_origin_is_not_echoed() {
        Guard guard = new Guard(
                HostPolicy.open(List.of()), new OriginPolicy(List.of("*", "https://chat.example")), Limits.DEFAULTS);

        for (String origin : List.of("https://b.example", "null", "https://chat.example.evil", "nonsense")) {
            Caller caller = caller(origin);
            assertThat(guard.crossOrigin(caller))
                    .containsEntry("Access-Control-Allow-Origin", "*")
                    .doesNotContainKey("Access-Control-Allow-Credentials");
            assertThat(guard.believesCookies(caller)).as(origin).isFalse();
        }
        assertThat(guard.crossOrigin(caller("https://chat.example")))
                .containsEntry("Access-Control-Allow-Origin", "https://chat.example")
                .containsEntry("Access-Control-Allow-Credentials", "true");
        assertThat(guard.believesCookies(caller("https://chat.example"))).isTrue();
        assertThat(guard.crossOrigin(caller("http://a.example"))).isEmpty();
        assertThat(guard.believesCookies(caller("http://a.example"))).isTrue();
        assertThat(guard.believesCookies(new Caller("203.0.113.7", false, List.of("a.example"), List.of())))
                .isTrue();
    }

    private static Caller caller(String origin) {
        return new Caller("203.0.113.7", false, List.of("a.example"), List.of(origin));
    }

    @Test
    void what_is_no_origin_cannot_be_listed() {
        assertThatThrownBy(() -> new OriginPolicy(List.of("chat.example")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'chat.example' is no origin");
    }

    @Test
    void a_connection_beyond_the_limit_is_refused_until_another_ends() {
        Guard guard = new Guard(HostPolicy.open(List.of()), new OriginPolicy(List.of()), TWO_IN_ALL);
        guard.admit("a");
        ConnectionPermit second = guard.admit("b").permit().orElseThrow();

        assertThat(guard.admit("c").refusal()).map(Refusal::status).contains(503);

        second.release();
        second.release();
        assertThat(guard.connections()).isEqualTo(1);
        assertThat(guard.admit("c").permit()).isPresent();
        assertThat(guard.admit("d").refusal()).map(Refusal::status).contains(503);
    }

    @Test
    void an_address_beyond_its_limit_is_refused_and_others_are_not() {
        Guard guard = new Guard(HostPolicy.open(List.of()), new OriginPolicy(List.of()), limits(0, 1));
        ConnectionPermit first = guard.admit("a").permit().orElseThrow();

        assertThat(guard.admit("a").refusal()).map(Refusal::status).contains(429);
        assertThat(guard.admit("b").permit()).isPresent();

        first.release();
        assertThat(guard.admit("a").permit()).isPresent();
    }

    @Test
    void many_at_once_never_exceed_the_limit_and_give_all_places_back() throws InterruptedException {
        Guard guard = new Guard(HostPolicy.open(List.of()), new OriginPolicy(List.of()), limits(3, 2));
        CountDownLatch start = new CountDownLatch(1);
        AtomicInteger all = new AtomicInteger();
        List<AtomicInteger> ofAddress = List.of(new AtomicInteger(), new AtomicInteger());
        int rounds = 20_000;
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger mostOfAddress = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int address = i % 2;
            threads.add(new Thread(() -> {
                awaitQuietly(start);
                for (int round = 0; round < rounds; round++) {
                    List<ConnectionPermit> held = new ArrayList<>();
                    for (int place = 0; place < 3; place++) {
                        Admission admission = guard.admit("address-" + address);
                        refused.addAndGet(admission.refusal().isPresent() ? 1 : 0);
                        admission.permit().ifPresent(permit -> {
                            most.accumulateAndGet(all.incrementAndGet(), Math::max);
                            mostOfAddress.accumulateAndGet(
                                    ofAddress.get(address).incrementAndGet(), Math::max);
                            held.add(permit);
                        });
                    }
                    held.forEach(permit -> {
                        all.decrementAndGet();
                        ofAddress.get(address).decrementAndGet();
                        permit.release();
                    });
                }
            }));
        }
        threads.forEach(Thread::start);
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(mostOfAddress).hasValueLessThanOrEqualTo(2);
        assertThat(most).hasValueLessThanOrEqualTo(3);
        assertThat(refused).hasValueGreaterThanOrEqualTo(8 * rounds); // each asks for one more than it may have
        assertThat(guard.connections()).isZero();
        for (int i = 0; i < 3; i++) {
            assertThat(guard.admit("address-" + i % 2).permit()).isPresent();
        }
        assertThat(guard.admit("address-2").refusal()).map(Refusal::status).contains(503);
    }

    @Test
    void the_policy_names_the_host_for_websockets_and_nothing_else() {
        assertThat(SecurityHeaders.contentSecurityPolicy(Optional.of("chat.example:8080")))
                .contains("connect-src 'self' ws://chat.example:8080 wss://chat.example:8080")
                .doesNotContain("unsafe");
        assertThat(SecurityHeaders.contentSecurityPolicy(Optional.of("a; script-src *")))
                .endsWith("connect-src 'self'");
    }

    private static int status(Guard guard, boolean secure, String hosts, String origins) {
        return guard.check(new Caller("203.0.113.7", secure, values(hosts), values(origins)))
                .map(Refusal::status)
                .orElse(0);
    }

    private static List<String> values(String header) {
        return header == null ? List.of() : Arrays.asList(header.split(", "));
    }

    private static Limits limits(int connections, int connectionsPerAddress) {
        Limits d = Limits.DEFAULTS;
        return new Limits(
                d.commandsPerSecond(),
                d.burst(),
                d.subscriptions(),
                d.messageSize(),
                d.inlineSize(),
                d.batchSize(),
                d.sendTimeout(),
                d.publishesUnderWay(),
                d.repliesUnread(),
                connections,
                connectionsPerAddress,
                d.handshakeTimeout(),
                d.publishRate());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
