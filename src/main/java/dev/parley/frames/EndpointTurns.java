package dev.parley.frames;

import dev.parley.endpoint.NeverWaits;
import dev.parley.security.Holder;
import dev.parley.security.SharedBudget;
import dev.parley.websocket.ChannelEndpoint;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * When the endpoint of one session is told: a team's by {@link SessionTurns}; at once where it never waits, and where it is
 * ours, which has threads of its own for what waits. Thread-safe.
 */
final class EndpointTurns implements MessageIntake.Turns, EndpointSocket.EndpointCalls {
    private final Class<?> endpoint;
    private final EndpointServices services;
    private final UnfinishedMessages.OfConnection connection;
    private final boolean neverWaits;
    private final @Nullable SessionTurns turns;
    private volatile @Nullable Executor outcomes;

    /** For what waits for the endpoint; made when something first may: an idle connection shall cost little. */
    private volatile SharedBudget.@Nullable Reservation received;

    private final Runnable overloaded;
    private final Runnable readOn;

    /**
     * @param connection says whose share of the memory what waits takes
     * @param overloaded is told that there is none
     * @param readOn is told when more can be taken, perhaps
     */
    EndpointTurns(
            Class<?> endpoint,
            EndpointServices services,
            UnfinishedMessages.OfConnection connection,
            Runnable overloaded,
            Runnable readOn) {
        this.endpoint = endpoint;
        this.services = services;
        this.connection = connection;
        this.overloaded = overloaded;
        this.readOn = readOn;
        this.neverWaits = endpoint.isAnnotationPresent(NeverWaits.class);
        this.turns = neverWaits || endpoint == ChannelEndpoint.class
                ? null
                : new SessionTurns(services.threads(endpoint), memory(), overloaded);
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
        if (turns == null) {
            services.threads(endpoint).execute(reading);
        } else {
            turns.event(reading);
        }
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
                made = outcomes == null ? making() : outcomes;
                outcomes = made;
            }
        }
        return made;
    }

    private Executor making() {
        return neverWaits ? Runnable::run : services.outcomes(endpoint);
    }

    @Override
    public SharedBudget.Reservation memory() {
        SharedBudget.Reservation made = received;
        if (made == null) {
            synchronized (this) {
                made = received == null ? services.received().open(connection.holder(), overloaded) : received;
                received = made;
            }
        }
        return made;
    }

    /** The client's connection is known to be this one's. */
    synchronized void belongsTo(Holder holder) {
        if (received != null) {
            received.belongsTo(holder);
        }
    }

    /** The client is gone: nothing waits any more. */
    void ended() {
        SharedBudget.Reservation made = received;
        if (made != null) {
            made.giveAll();
        }
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
