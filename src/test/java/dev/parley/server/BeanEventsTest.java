package dev.parley.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.channel.ChannelObserver;
import dev.parley.protocol.Body;
import dev.parley.protocol.Member;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.testing.ManualExecutors;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.ObserverMethod;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What observers are told, whatever becomes of telling them. */
class BeanEventsTest {
    private final List<Object> fired = new ArrayList<>();
    private final ManualExecutors executors = new ManualExecutors();
    private final ManualExecutors.Queue executor = executors.delivery();
    private Throwable failure;
    private final ChannelObserver events = BeanEvents.of(beans(), executor);

    @Test
    void observers_are_told_in_order_however_many_events_there_are() {
        publish(1, 350);
        executors.run();

        assertThat(fired).isEqualTo(messages(1, 350));
    }

    @Test
    void an_error_that_an_observer_throws_costs_only_that_event() {
        failure = new AssertionError("as the test wants it");
        publish(1, 3);
        executors.run();

        assertThat(fired).isEqualTo(messages(1, 3));
    }

    @Test
    void where_for_a_while_no_thread_takes_the_firing_all_is_fired_afterwards() {
        executor.reject(true);
        publish(1, 2);
        executor.reject(false);
        publish(3, 3);
        executors.run();

        assertThat(fired).isEqualTo(messages(1, 3));
    }

    private void publish(long first, long last) {
        messages(first, last).forEach(events::published);
    }

    private static List<Message> messages(long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(offset -> new Message(
                        "a",
                        new Position("e", offset),
                        new Member("ann", Optional.empty()),
                        Instant.EPOCH,
                        new Body.Json("1")))
                .toList();
    }

    private BeanManager beans() {
        Event<?> event = proxy(Event.class, (proxy, method, arguments) -> {
            fired.add(arguments[0]);
            if (failure != null) {
                throw failure;
            }
            return null;
        });
        Set<ObserverMethod<?>> observers =
                Set.of(proxy(ObserverMethod.class, (proxy, method, arguments) -> switch (method.getName()) {
                    case "hashCode" -> 1;
                    case "equals" -> proxy == arguments[0];
                    default -> throw new UnsupportedOperationException(method.getName());
                }));
        return proxy(
                BeanManager.class,
                (proxy, method, arguments) -> method.getName().equals("getEvent") ? event : observers);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
