package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One message after the other, on a session that tells its handlers at once or later. */
class SenderTest {
    private final List<Object> sent = new ArrayList<>();
    private final ArrayDeque<SendHandler> handlers = new ArrayDeque<>();
    private boolean atOnce;
    private Error failure;
    private int broken;
    private final Session session = session();
    private final Sender sender = new Sender(session, () -> broken++);

    @Test
    void a_message_waits_for_the_one_before_it() {
        sender.send("1");
        sender.send("2");
        assertThat(sent).containsExactly("1");
        handlers.remove().onResult(new SendResult(session));

        assertThat(sent).containsExactly("1", "2");
    }

    @Test
    void many_that_waited_do_not_deepen_the_stack_of_a_session_that_answers_at_once() {
        List<String> texts =
                IntStream.range(0, 100_000).mapToObj(Integer::toString).toList();
        texts.forEach(sender::send);
        atOnce = true;
        handlers.remove().onResult(new SendResult(session));

        assertThat(sent).isEqualTo(texts);
    }

    @Test
    void a_send_that_throws_is_told_and_nothing_follows_it() {
        failure = new AssertionError("as the test wants it");
        sender.send("1");
        failure = null;
        sender.send("2");

        assertThat(broken).isEqualTo(1);
        assertThat(sent).isEmpty();
    }

    private Session session() {
        RemoteEndpoint.Async remote = proxy(RemoteEndpoint.Async.class, (proxy, method, arguments) -> {
            if (failure != null) {
                throw failure;
            }
            sent.add(arguments[0]);
            if (atOnce) {
                ((SendHandler) arguments[1]).onResult(new SendResult((Session) null));
            } else {
                handlers.add((SendHandler) arguments[1]);
            }
            return null;
        });
        return proxy(Session.class, (proxy, method, arguments) -> remote);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
