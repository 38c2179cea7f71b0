package dev.parley.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Identity;
import dev.parley.channel.Encoded;
import dev.parley.channel.Representation;
import dev.parley.connection.Connection;
import dev.parley.connection.Connections;
import dev.parley.connection.Pings;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.Push;
import dev.parley.security.Guests;
import dev.parley.security.Limits;
import dev.parley.testing.ManualExecutors;
import dev.parley.testing.ManualNode;
import jakarta.websocket.CloseReason;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Sessions whose closing or pinging hangs, as they may on application servers, beside others that do not. */
class HangingSessionsTest {
    private static final Pings AT_ONCE = new Pings(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(20));
    /** Shows nothing, so that a close needs no send before it. */
    private static final Representation SILENT = new Representation() {
        @Override
        public Optional<Encoded> encode(Push push) {
            return Optional.empty();
        }

        @Override
        public boolean joins() {
            return false;
        }
    };

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final ManualNode node = new ManualNode();
    private final ManualExecutors executors = node.executors;
    private final Connections connections =
            new Connections(node.channels(), new Guests(), Limits.DEFAULTS, AT_ONCE, node.threads());

    @Test
    void a_client_is_silent_only_when_it_was_really_asked() {
        Client quiet = new Client();
        executors.pinging().hold();
        executors.pass(LOOK.multipliedBy(60));

        assertThat(quiet.pings).hasValue(0);
        assertThat(quiet.closed).isEmpty();
        assertThat(executors.pinging().waiting()).isEqualTo(1);
        executors.pinging().letGo();
        executors.run();
        assertThat(quiet.pings).hasValue(1);
        assertThat(quiet.closed).isEmpty();
        executors.pass(LOOK);
        assertThat(quiet.closed).contains(DisconnectCode.SILENT.code());
    }

    @Test
    void whose_ping_is_not_taken_by_the_pool_is_asked_later() {
        Client quiet = new Client();
        executors.pinging().reject(true);
        executors.pass(LOOK.multipliedBy(60));
        assertThat(quiet.closed).isEmpty();
        executors.pinging().reject(false);
        executors.pass(LOOK);

        assertThat(quiet.pings).hasValue(1);
    }

    @Test
    void who_hangs_in_its_closing_keeps_nobody_from_being_pinged_and_sent_to() {
        Client hanging = new Client();
        Client other = new Client();
        executors.closing().hold();
        hanging.connection.close(DisconnectCode.NORMAL);
        executors.pass(LOOK);

        assertThat(executors.closing().waiting()).isEqualTo(1);
        assertThat(hanging.closed).isEmpty();
        assertThat(other.pings).hasValue(1);
        assertThat(connections.size()).isEqualTo(1);
    }

    @Test
    void where_too_many_hang_a_session_is_given_up_and_its_place_given_back() {
        Client client = new Client();
        executors.closing().reject(true);
        client.connection.close(DisconnectCode.NORMAL);

        assertThat(client.abandoned).hasValue(1);
        assertThat(connections.size()).isZero();
    }

    private final class Client {
        final AtomicInteger pings = new AtomicInteger();
        final AtomicInteger abandoned = new AtomicInteger();
        final Connection connection;
        Optional<Integer> closed = Optional.empty();

        Client() {
            RemoteEndpoint.Async remote = proxy(RemoteEndpoint.Async.class, (proxy, method, arguments) -> {
                pings.addAndGet(method.getName().equals("sendPing") ? 1 : 0);
                return null;
            });
            Session session = proxy(Session.class, (proxy, method, arguments) -> {
                if (method.getName().equals("close")) {
                    closed = Optional.of(
                            ((CloseReason) arguments[0]).getCloseCode().getCode());
                }
                return method.getName().equals("getAsyncRemote") ? remote : null;
            });
            WebSocketTransport transport = new WebSocketTransport(
                    session, connections.closing(), connections.pinging(), abandoned::incrementAndGet);
            connection = connections.open(transport, SILENT, Identity.SERVER);
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
