package dev.parley.frames;

import dev.parley.security.SharedBudget;
import dev.parley.websocket.ChannelEndpoint;
import dev.parley.websocket.NeverWaits;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * When the endpoint of one session is told: a team's by {@link SessionTurns}; at once where it never waits, and where it is
 * ours, which has threads of its own for what waits. Thread-safe.
 */
final class EndpointTurns implements MessageIntake.Turns, EndpointSocket.EndpointCalls {
    private final SharedBudget.Reservation received;
    private final boolean neverWaits;
    private final @Nullable SessionTurns turns;
    private final Executor streams;
    private final Supplier<Executor> making;
    private volatile @Nullable Executor outcomes;
    private final Runnable overloaded;
    private final Runnable readOn;

    /**
     * @param received for what waits for the endpoint
     * @param overloaded is told that there is none
     * @param readOn is told when more can be taken, perhaps
     */
    EndpointTurns(
            Class<?> endpoint,
            EndpointServices services,
            SharedBudget.Reservation received,
            Runnable overloaded,
            Runnable readOn) {
        this.received = received;
        this.overloaded = overloaded;
        this.readOn = readOn;
        this.neverWaits = endpoint.isAnnotationPresent(NeverWaits.class);
        Executor threads = services.threads(endpoint);
        if (neverWaits || endpoint == ChannelEndpoint.class) {
            this.turns = null;
            this.streams = threads;
        } else {
            SessionTurns own = new SessionTurns(threads, received, overloaded);
            this.turns = own;
            this.streams = own::event;
        }
        this.making = () -> neverWaits ? Runnable::run : services.outcomes(endpoint);
    }

    /** Whether it is told on threads of its own, and not by who reads. */
    boolean areOfItsOwn() {
        return turns != null;
    }

    /** Whether nothing waits over telling it something. */
    boolean neverWait() {
        return neverWaits || turns != null;
    }

    /** Whether as much waits for the endpoint as may. */
    boolean isFull() {
        return turns != null && turns.isFull();
    }

    /** How often that has begun, or ended: odd while it is so. */
    long pauses() {
        return turns == null ? 0 : turns.pauses();
    }

    /** Keeps what makes the client be read again, until the endpoint has caught up; false where it may be read now. */
    boolean isReadLater(Runnable readAgain) {
        return turns != null && turns.isReadLater(readAgain);
    }

    @Override
    public void message(int size, Runnable action) {
        if (turns == null) {
            action.run();
        } else {
            turns.message(size, action);
        }
    }

    /** Tells it something whatever waits. */
    void event(Runnable action) {
        if (turns == null) {
            action.run();
        } else {
            turns.event(action);
        }
    }

    @Override
    public void inTurn(Runnable action) {
        if (turns == null || turns.isOnItsThread()) {
            action.run();
        } else {
            turns.event(action);
        }
    }

    @Override
    public void stream(Runnable reading) {
        streams.execute(reading);
    }

    /** The session ends: no message is told any more that waits, but what else there is. */
    void dropMessages() {
        if (turns != null) {
            turns.dropMessages();
        }
    }

    /** Made when it is asked for: most sessions never are told what became of a send. */
    @Override
    public Executor outcomes() {
        Executor made = outcomes;
        if (made == null) {
            synchronized (this) {
                made = outcomes == null ? making.get() : outcomes;
                outcomes = made;
            }
        }
        return made;
    }

    @Override
    public SharedBudget.Reservation memory() {
        return received;
    }

    @Override
    public void overloaded() {
        overloaded.run();
    }

    @Override
    public void readOn() {
        readOn.run();
    }
}
