package dev.parley.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.channel.Batch;
import dev.parley.channel.Encoded;
import dev.parley.connection.Transport;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.DisconnectCode;
import jakarta.websocket.CloseReason;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A batch on a session that tells its handlers at once, later, or not at all. */
class WebSocketTransportTest {
    private final List<Object> sent = new ArrayList<>();
    private final ArrayDeque<SendHandler> handlers = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private boolean atOnce = true;
    private int failing = Integer.MAX_VALUE;
    private CloseReason closed;
    private final Session session = session();
    private final WebSocketTransport transport =
            new WebSocketTransport(session, Runnable::run, Runnable::run, () -> {});

    @Test
    void a_batch_of_many_messages_does_not_deepen_the_stack_of_a_session_that_answers_at_once() {
        send(new Batch(Collections.nCopies(100_000, Encoded.Text.of("x")), 0, 0));

        assertThat(sent).hasSize(100_000);
        assertThat(told).containsExactly("sent");
    }

    @Test
    void each_message_waits_for_the_one_before_it() {
        atOnce = false;
        send(new Batch(
                List.of(Encoded.Text.of("1"), new Encoded.Binary(Bytes.wrap(new byte[] {2})), Encoded.Text.of("3")),
                0,
                0));
        assertThat(sent).containsExactly("1");
        handlers.remove().onResult(taken());
        assertThat(sent).containsExactly("1", ByteBuffer.wrap(new byte[] {2}));
        handlers.remove().onResult(taken());
        assertThat(told).isEmpty();
        handlers.remove().onResult(taken());

        assertThat(sent).hasSize(3).endsWith("3");
        assertThat(told).containsExactly("sent");
    }

    @Test
    void a_failure_ends_the_batch_and_is_told_once() {
        atOnce = false;
        send(new Batch(List.of(Encoded.Text.of("1"), Encoded.Text.of("2")), 0, 0));
        handlers.remove().onResult(new SendResult(session, new IllegalStateException("gone")));

        assertThat(sent).containsExactly("1");
        assertThat(told).containsExactly("failed gone");
    }

    @Test
    void a_session_that_throws_in_the_middle_is_a_failure() {
        failing = 1;
        atOnce = false;
        send(new Batch(List.of(Encoded.Text.of("1"), Encoded.Text.of("2")), 0, 0));
        handlers.remove().onResult(taken());

        assertThat(told).containsExactly("failed closed");
    }

    @Test
    void the_close_frame_has_the_code_and_says_whether_to_come_back() {
        transport.close(DisconnectCode.SLOW);

        assertThat(closed.getCloseCode().getCode()).isEqualTo(4002);
        assertThat(closed.getReasonPhrase()).isEqualTo("slow; reconnect");
    }

    private SendResult taken() {
        return new SendResult(session);
    }

    private void send(Batch batch) {
        transport.send(batch, new Transport.Completion() {
            @Override
            public void sent() {
                told.add("sent");
            }

            @Override
            public void failed(Throwable reason) {
                told.add("failed " + reason.getMessage());
            }
        });
    }

    private Session session() {
        RemoteEndpoint.Async remote = proxy(RemoteEndpoint.Async.class, (proxy, method, arguments) -> {
            if (sent.size() >= failing) {
                throw new IllegalStateException("closed");
            }
            sent.add(arguments[0]);
            SendHandler handler = (SendHandler) arguments[1];
            if (atOnce) {
                handler.onResult(taken());
            } else {
                handlers.add(handler);
            }
            return null;
        });
        return proxy(Session.class, (proxy, method, arguments) -> {
            if (method.getName().equals("close")) {
                closed = (CloseReason) arguments[0];
            }
            return method.getName().equals("getAsyncRemote") ? remote : null;
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
