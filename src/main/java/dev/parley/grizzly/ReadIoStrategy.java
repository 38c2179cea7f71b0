package dev.parley.grizzly;

import java.io.IOException;
import java.util.concurrent.Executor;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.IOStrategy;
import org.glassfish.grizzly.Transport;
import org.glassfish.grizzly.strategies.SameThreadIOStrategy;
import org.glassfish.grizzly.strategies.WorkerThreadIOStrategy;
import org.glassfish.grizzly.threadpool.ThreadPoolConfig;

/**
 * Which thread reads a connection: a worker, since an endpoint of a team may wait, and must not on the threads that
 * serve everybody's sockets; but those threads themselves where the endpoint says that it never waits, or where what
 * comes is thrown away. To wake a worker for a small message costs more than the message.
 */
final class ReadIoStrategy implements IOStrategy {
    private final IOStrategy workers = WorkerThreadIOStrategy.getInstance();
    private final IOStrategy sameThread = SameThreadIOStrategy.getInstance();

    private IOStrategy strategy(Connection<?> connection, IOEvent event) {
        return event == IOEvent.READ && (WebSocketFilter.neverWaits(connection) || LingeringClose.isEnding(connection))
                ? sameThread
                : workers;
    }

    @Override
    @SuppressWarnings("rawtypes") // as Grizzly declares it
    public boolean executeIoEvent(Connection connection, IOEvent event) throws IOException {
        return strategy(connection, event).executeIoEvent(connection, event);
    }

    @Override
    @SuppressWarnings("rawtypes") // as Grizzly declares it
    public boolean executeIoEvent(Connection connection, IOEvent event, boolean enabled) throws IOException {
        return strategy(connection, event).executeIoEvent(connection, event, enabled);
    }

    @Override
    @SuppressWarnings("rawtypes") // as Grizzly declares it
    public Executor getThreadPoolFor(Connection connection, IOEvent event) {
        return strategy(connection, event).getThreadPoolFor(connection, event);
    }

    @Override
    public ThreadPoolConfig createDefaultWorkerPoolConfig(Transport transport) {
        return workers.createDefaultWorkerPoolConfig(transport);
    }
}
