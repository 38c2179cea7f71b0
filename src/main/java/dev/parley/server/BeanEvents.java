package dev.parley.server;

import dev.parley.channel.ChannelObserver;
import dev.parley.concurrent.DrainLoop;
import dev.parley.concurrent.FailureLog;
import dev.parley.protocol.Body;
import dev.parley.protocol.Member;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import jakarta.enterprise.inject.spi.BeanManager;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Fires what happens on this node's channels as CDI events: a {@link Message} that was published here, a
 * {@link Push.Join}, a {@link Push.Leave}; one after the other, in their order, after the commit.
 *
 * <pre>{@code
 * void joined(@Observes Push.Join join) { … }
 * }</pre>
 *
 * <p>They are for what may be missed, such as counting or greeting: an event that has not been fired when the process
 * ends is not fired again, and of those that wait for slow observers the newest are dropped above a bound, with a
 * warning. Who must have every message follows the channel ({@link dev.parley.api.Channels#follow}).
 */
final class BeanEvents implements ChannelObserver {
    private static final int MOST_WAITING = 10_000;
    private static final int AT_A_TIME = 100;
    private static final System.Logger LOGGER = System.getLogger(BeanEvents.class.getName());
    private static final FailureLog FAILURES = new FailureLog(LOGGER);

    private final BeanManager beans;
    private final DrainLoop firing;
    private final boolean messages;
    private final boolean joins;
    private final boolean leaves;

    // Guarded by this.
    private final ArrayDeque<Object> waiting = new ArrayDeque<>();
    private boolean dropping;

    private BeanEvents(BeanManager beans, Executor executor) {
        this.beans = beans;
        this.firing = new DrainLoop(
                this::fireNext,
                AT_A_TIME,
                executor,
                failure -> LOGGER.log(System.Logger.Level.DEBUG, "The node is stopping; nothing is fired", failure));
        Member member = new Member("nobody", Optional.empty());
        Position position = Position.NONE;
        this.messages = isObserved(new Message("none", position, member, Instant.EPOCH, new Body.Json("0")));
        this.joins = isObserved(new Push.Join("none", member, position));
        this.leaves = isObserved(new Push.Leave("none", member, position));
    }

    /** @param executor its threads may wait for observers */
    static ChannelObserver of(BeanManager beans, Executor executor) {
        BeanEvents events = new BeanEvents(beans, executor);
        return events.messages || events.joins || events.leaves ? events : NONE;
    }

    private boolean isObserved(Object event) {
        return !beans.resolveObserverMethods(event).isEmpty();
    }

    @Override
    public void published(Message message) {
        if (messages) {
            add(message);
        }
    }

    @Override
    public void joined(Push.Join join) {
        if (joins) {
            add(join);
        }
    }

    @Override
    public void left(Push.Leave leave) {
        if (leaves) {
            add(leave);
        }
    }

    private void add(Object event) {
        synchronized (this) {
            if (waiting.size() >= MOST_WAITING) {
                warnOnce();
                return;
            }
            waiting.add(event);
        }
        firing.schedule();
    }

    private void warnOnce() {
        if (!dropping) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "Observers of channel events are too slow: {0} wait, further ones are dropped",
                    String.valueOf(MOST_WAITING));
        }
        dropping = true;
    }

    private boolean fireNext() {
        Object event;
        synchronized (this) {
            event = waiting.poll();
            dropping &= event != null;
        }
        if (event != null) {
            fire(event);
        }
        return event != null;
    }

    private void fire(Object event) {
        try {
            beans.getEvent().fire(event);
        } catch (Throwable e) {
            FAILURES.failed("An observer of channel events failed", e);
        }
    }
}
