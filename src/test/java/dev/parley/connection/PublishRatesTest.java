package dev.parley.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.Identity;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.security.PublishRate;
import dev.parley.testing.ManualNode;
import dev.parley.testing.TestLimits;
import dev.parley.testing.WireClient;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How many bytes may be published over time, and by whom together. */
class PublishRatesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Identity ANN = new Identity("ann", Optional.empty());
    private static final Identity GUEST = new Identity("guest-1", Optional.empty());
    private static final Identity OTHER_GUEST = new Identity("guest-2", Optional.empty());

    private final PublishRates rates = new PublishRates(new PublishRate(100, 1_000));

    private static Publisher from(String connection, String address) {
        return new Publisher(connection, Optional.of(address));
    }

    private void take(Identity who, Publisher publisher, long bytes) {
        rates.count(who, publisher, bytes, 0);
    }

    private void assertRefused(Identity who, Publisher publisher, long bytes, long now) {
        assertThatThrownBy(() -> rates.count(who, publisher, bytes, now))
                .isInstanceOfSatisfying(RefusedException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_PUBLISHES);
                    assertThat(e.reason()).contains("parley.limits.publish-bytes-per-second");
                });
    }

    @Test
    void a_connection_has_a_burst_and_then_the_rate() {
        Publisher one = new Publisher("c1", Optional.empty());
        take(GUEST, one, 600);
        take(GUEST, one, 400);

        assertRefused(GUEST, one, 1, 0);
        assertRefused(GUEST, one, 200, SECOND);
        rates.count(GUEST, one, 200, 2 * SECOND);
        assertRefused(GUEST, one, 1, 2 * SECOND);
    }

    @Test
    void guests_of_one_address_are_one_however_many_they_are_and_other_addresses_are_not_meant() {
        take(GUEST, from("c1", "192.0.2.1"), 900);

        assertRefused(OTHER_GUEST, from("c2", "192.0.2.1"), 200, 0);
        take(OTHER_GUEST, from("c3", "192.0.2.2"), 1_000);
        take(GUEST, from("c4", "2001:db8::1"), 900);
        assertRefused(OTHER_GUEST, from("c5", "2001:db8::2"), 200, 0);
        take(OTHER_GUEST, from("c6", "2001:db8:0:1::2"), 1_000);
    }

    @Test
    void a_user_is_one_from_wherever() {
        take(ANN, from("c1", "192.0.2.1"), 600);

        assertRefused(ANN, from("c2", "192.0.2.2"), 600, 0);
        assertRefused(ANN, new Publisher("c3", Optional.empty()), 600, 0);
        take(ANN, from("c2", "192.0.2.2"), 400);
    }

    @Test
    void what_is_refused_for_one_reason_is_not_counted_for_another() {
        take(ANN, from("c1", "192.0.2.1"), 1_000);

        assertRefused(ANN, from("c2", "192.0.2.2"), 1_000, 0);
        take(GUEST, from("c2", "192.0.2.2"), 1_000);
    }

    @Test
    void over_http_who_is_counted_as_an_address_is_counted_once() {
        take(GUEST, from("192.0.2.1", "192.0.2.1"), 1_000);
        take(ANN, from("@ann", "192.0.2.2"), 1_000);
    }

    @Test
    void who_could_be_new_is_forgotten_and_a_limit_of_none_keeps_nobody() {
        take(GUEST, from("c1", "192.0.2.1"), 1_000);
        rates.check(10 * SECOND);
        assertThat(rates.size()).isEqualTo(2);
        rates.check(10 * SECOND + 1);
        assertThat(rates.size()).isZero();

        PublishRates none = new PublishRates(new PublishRate(0, 1));
        none.count(GUEST, from("c1", "192.0.2.1"), Long.MAX_VALUE, 0);
        assertThat(none.size()).isZero();
    }

    @Test
    void a_client_is_told_so_and_goes_on() {
        ManualNode node = new ManualNode();
        node.limits = TestLimits.publishing(1, 100_000, 50_000);
        WireClient client = new WireClient(node.connections());
        String data = "\"" + "x".repeat(39_998) + "\"";
        for (int i = 1; i <= 4; i++) {
            client.send("{\"id\":" + i + ",\"publish\":{\"channel\":\"a\",\"data\":" + data + "}}");
            node.run();
        }
        client.send("{\"id\":5,\"publish\":{\"channel\":\"a\",\"data\":1}}");
        node.run();

        assertThat(client.errors()).containsExactly("too-many-publishes", "too-many-publishes");
        assertThat(client.reply(2)).containsKey("published");
        assertThat(client.reply(5)).containsKey("published");
    }
}
