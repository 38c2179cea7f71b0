package dev.parley.grizzly;

import dev.parley.concurrent.FairTurns;
import dev.parley.security.Holder;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.IOStrategy;
import org.glassfish.grizzly.Transport;
import org.glassfish.grizzly.strategies.SameThreadIOStrategy;
import org.glassfish.grizzly.strategies.WorkerThreadIOStrategy;
import org.glassfish.grizzly.threadpool.ThreadPoolConfig;

/**
 * Which thread reads a connection, and when: a worker, since a resource may wait, and must not on the threads that serve
 * everybody's sockets; but those threads themselves where nothing waits over what comes, since a team's endpoint is told of
 * it on threads of its own, or never waits. To wake a worker for a small message costs more than the message. Where as much
 * waits for an endpoint as may, nobody reads, until it has caught up.
 *
 * <p>What is left of a large message or body, and what will be thrown away, is read by {@link FairTurns}, one buffer a
 * turn: where many send more than can be read, each holder's bytes come as fast as the others', and half of the processors
 * are left to what is small. What waits for nothing, as what is thrown away, has turns and {@link PromptThreads} of its
 * own: a turn is taken by who may have to wait for a worker, and those may all be waiting.
 */
final class ReadIoStrategy implements IOStrategy {
    /** All that is thrown away is read in the turn of one. */
    static final Holder NOBODY = new Holder("nobody");

    private static final System.Logger LOGGER = System.getLogger(ReadIoStrategy.class.getName());

    private final IOStrategy workers = WorkerThreadIOStrategy.getInstance();
    private final IOStrategy sameThread = SameThreadIOStrategy.getInstance();
    private final FairTurns<Holder> onWorkers = FairTurns.ofHalfTheProcessors();
    private final FairTurns<Holder> prompt = FairTurns.ofHalfTheProcessors();
    private final PromptThreads promptThreads;

    /** @param promptThreads read what is large and is waited over by nobody, though every worker waits */
    ReadIoStrategy(PromptThreads promptThreads) {
        this.promptThreads = promptThreads;
    }

    @Override
    @SuppressWarnings("rawtypes") // as Grizzly declares it
    public boolean executeIoEvent(Connection connection, IOEvent event) throws IOException {
        return executeIoEvent(connection, event, true);
    }

    @Override
    @SuppressWarnings("rawtypes") // as Grizzly declares it
    public boolean executeIoEvent(Connection connection, IOEvent event, boolean enabled) throws IOException {
        if (event == IOEvent.READ && isHeldUp(connection)) {
            return true;
        }
        Optional<Holder> large = event == IOEvent.READ ? large(connection) : Optional.empty();
        if (large.isEmpty()) {
            return isOnSameThread(connection, event)
                    ? sameThread.executeIoEvent(connection, event, enabled)
                    : workers.executeIoEvent(connection, event, enabled);
        }
        if (enabled) {
            connection.disableIOEvent(event);
        }
        if (isPrompt(connection)) {
            prompt.execute(large.get(), promptThreads, () -> read(connection));
        } else {
            onWorkers.execute(large.get(), workers.getThreadPoolFor(connection, event), () -> read(connection));
        }
        return true;
    }

    /** Whether it is not to be read now; afterwards it is told again of what comes. */
    @SuppressWarnings("rawtypes") // as Grizzly declares it
    private static boolean isHeldUp(Connection connection) throws IOException {
        if (!WebSocketFilter.isHeldUp(connection)) {
            return false;
        }
        connection.disableIOEvent(IOEvent.READ);
        if (!WebSocketFilter.isReadLater(connection, () -> readAgain(connection))) {
            readAgain(connection); // it has caught up meanwhile
        }
        return true;
    }

    @SuppressWarnings("rawtypes") // as Grizzly declares it
    private static void readAgain(Connection connection) {
        try {
            connection.enableIOEvent(IOEvent.READ);
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "The client is gone", e);
        }
    }

    /** Afterwards it is told again of what comes. */
    @SuppressWarnings("rawtypes") // as Grizzly declares it
    private void read(Connection connection) {
        try {
            boolean unused = sameThread.executeIoEvent(connection, IOEvent.READ, false);
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "The client is gone", e);
        }
    }

    private static Optional<Holder> large(Connection<?> connection) {
        return LingeringClose.isEnding(connection)
                ? Optional.of(NOBODY)
                : WebSocketFilter.largeFor(connection).or(() -> BodyFilter.largeFor(connection));
    }

    /** Whether nothing waits over what comes: a worker that a team's endpoint keeps waiting must not hold up that. */
    private static boolean isPrompt(Connection<?> connection) {
        return LingeringClose.isEnding(connection) || WebSocketFilter.neverWaits(connection);
    }

    private static boolean isOnSameThread(Connection<?> connection, IOEvent event) {
        return event == IOEvent.READ && WebSocketFilter.neverWaits(connection);
    }

    @Override
    @SuppressWarnings("rawtypes") // as Grizzly declares it
    public Executor getThreadPoolFor(Connection connection, IOEvent event) {
        return isOnSameThread(connection, event)
                ? sameThread.getThreadPoolFor(connection, event)
                : workers.getThreadPoolFor(connection, event);
    }

    @Override
    public ThreadPoolConfig createDefaultWorkerPoolConfig(Transport transport) {
        return workers.createDefaultWorkerPoolConfig(transport);
    }
}
