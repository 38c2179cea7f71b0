package dev.parley.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Identity;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.ErrorCode;
import dev.parley.security.Holder;
import dev.parley.testing.ManualNode;
import dev.parley.testing.Refusals;
import dev.parley.testing.ScriptedTransport;
import dev.parley.testing.TestLimits;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Places for those who read by one request after the other. */
class LeasesTest {
    private static final int MOST = 100;
    private static final Holder HOSTILE = Holder.ofAddress("192.0.2.66");
    private static final Holder OTHER = Holder.ofAddress("192.0.2.7");

    private final ManualNode node = new ManualNode();

    @BeforeEach
    void limit() {
        node.limits = TestLimits.connections(MOST);
    }

    /** One request of one client. */
    private final class Request {
        final ScriptedTransport transport = new ScriptedTransport();
        final Connection connection;
        final Identity identity;

        Request(Holder holder, String name) {
            identity = new Identity("guest-" + name, Optional.empty());
            connection = node.connections().open(transport, WireRepresentation.whole(), identity);
            Lease unused = node.connections().leases().begin(identity, holder, name, connection);
        }

        void answered() {
            connection.transportClosed();
        }

        boolean holdsAPlace(String name) {
            return node.connections().leases().include(identity, name);
        }
    }

    @Test
    void who_has_most_places_loses_the_oldest_when_another_client_asks() {
        Request[] hostile = new Request[MOST];
        for (int i = 0; i < MOST; i++) {
            hostile[i] = new Request(HOSTILE, "h" + i);
            hostile[i].answered();
        }
        Request own = new Request(OTHER, "o1");
        node.run();

        assertThat(own.holdsAPlace("o1")).isTrue();
        assertThat(hostile[0].holdsAPlace("h0")).isFalse();
        assertThat(hostile[1].holdsAPlace("h1")).isTrue();
        assertThat(node.connections().leases().size()).isEqualTo(MOST);
    }

    @Test
    void who_has_most_of_them_is_refused_one_more() {
        for (int i = 0; i < MOST; i++) {
            new Request(HOSTILE, "h" + i).answered();
        }

        Refusals.assertRefused(
                () -> new Request(HOSTILE, "more"),
                ErrorCode.UNAVAILABLE,
                "The server may have 100 connections (parley.limits.connections).");
        assertThat(node.connections().leases().size()).isEqualTo(MOST);
    }

    @Test
    void what_the_one_that_has_to_go_waits_for_is_answered() {
        Request waiting = new Request(HOSTILE, "h0");
        for (int i = 1; i < MOST; i++) {
            new Request(HOSTILE, "h" + i).answered();
        }
        new Request(OTHER, "o1");
        node.run();

        assertThat(waiting.transport.closed()).contains(DisconnectCode.OVERLOADED);
    }

    @Test
    void a_place_is_free_again_when_its_lease_is_over() {
        for (int i = 0; i < MOST; i++) {
            new Request(HOSTILE, "h" + i).answered();
        }
        Identity first = new Identity("guest-h0", Optional.empty());
        node.connections().leases().end(first, "h0");

        assertThat(new Request(HOSTILE, "next").holdsAPlace("next")).isTrue();
        assertThat(new Request(HOSTILE, "next").holdsAPlace("next"))
                .as("the same client again")
                .isTrue();
        assertThat(node.connections().leases().size()).isEqualTo(MOST);
    }

    @Test
    void who_asks_for_nothing_any_more_holds_no_place_after_a_while() {
        for (int i = 0; i < MOST; i++) {
            new Request(HOSTILE, "h" + i).answered();
        }
        long later = System.nanoTime()
                + Pings.DEFAULTS.held().plus(Duration.ofSeconds(1)).toNanos();
        node.connections().leases().check(later);

        assertThat(node.connections().leases().size()).isZero();
        for (int i = 0; i < MOST; i++) {
            assertThat(new Request(OTHER, "o" + i).holdsAPlace("o" + i)).isTrue();
        }
    }
}
