package dev.parley.grizzly;

import dev.parley.concurrent.GuardedTimer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import org.glassfish.grizzly.CloseListener;
import org.glassfish.grizzly.CloseType;
import org.glassfish.grizzly.Closeable;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.nio.NIOConnection;

/**
 * Cuts off a client that takes nothing of what is queued for it once its answer is written. Nobody else would: Grizzly's
 * idle timeout closes a connection only when all has been taken, which is never.
 */
final class SlowReaderWatchdog {
    private static final Attribute<Look> LOOK =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute(SlowReaderWatchdog.class.getName());

    private final Duration timeout;
    private final ScheduledExecutorService timer;

    /** @param timeout for how long a client may take nothing */
    SlowReaderWatchdog(Duration timeout, ScheduledExecutorService timer) {
        this.timeout = timeout;
        this.timer = timer;
    }

    /** Looks from time to time, if there is something, until there is nothing. */
    void watch(NIOConnection connection) {
        if (connection.getAsyncWriteQueue().spaceInBytes() > 0 && !LOOK.isSet(connection)) {
            new Look(connection).begin();
        }
    }

    private final class Look implements Runnable, CloseListener<Closeable, CloseType> {
        private final NIOConnection connection;
        private int before;
        private volatile Future<?> next = CompletableFuture.completedFuture(null);

        private Look(NIOConnection connection) {
            this.connection = connection;
            this.before = connection.getAsyncWriteQueue().spaceInBytes();
        }

        private void begin() {
            LOOK.set(connection, this);
            connection.addCloseListener(this);
            again();
        }

        private void again() {
            try {
                next = GuardedTimer.after(timer, timeout, this);
            } catch (RejectedExecutionException e) { // the server stops
                connection.terminateSilently();
            }
        }

        @Override
        public void run() {
            int queued = connection.getAsyncWriteQueue().spaceInBytes();
            if (queued == 0) {
                connection.removeCloseListener(this);
                LOOK.remove(connection);
                watch(connection); // somebody may just have found that it is watched
            } else if (queued == before) {
                connection.terminateSilently();
            } else {
                before = queued;
                again();
            }
        }

        @Override
        public void onClosed(Closeable closed, CloseType type) {
            next.cancel(false);
        }
    }
}
