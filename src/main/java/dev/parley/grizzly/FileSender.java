package dev.parley.grizzly;

import dev.parley.concurrent.GuardedTimer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.WriteHandler;
import org.glassfish.grizzly.http.io.NIOOutputStream;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.grizzly.memory.Buffers;

/**
 * Sends a file a piece at a time, whenever the client can take one. A client that does not read holds no thread, and after
 * the time limit nothing at all.
 */
final class FileSender implements WriteHandler {
    private static final int PIECE = 32 * 1024;
    private static final int MOST_QUEUED = 2 * PIECE;

    private final FileChannel file;
    private final Response response;
    private final NIOOutputStream out;
    private final Patience patience;
    private final int mostQueuedBefore;
    private Future<?> deadline = CompletableFuture.completedFuture(null);

    /** For how long a client may take nothing, and who looks. */
    record Patience(Duration timeout, ScheduledExecutorService timer) {
        private Future<?> whenOver(Runnable action) {
            return GuardedTimer.after(timer, timeout, action);
        }
    }

    private FileSender(FileChannel file, Response response, Patience patience) {
        this.file = file;
        this.response = response;
        this.patience = patience;
        this.out = response.getNIOOutputStream();
        this.mostQueuedBefore = connection().getMaxAsyncWriteQueueSize();
    }

    static void send(Path file, Response response, Patience patience) throws IOException {
        FileSender sender = new FileSender(FileChannel.open(file), response, patience);
        // By itself Grizzly says that a client takes nothing when four times what the kernel may keep is queued, 10 MB
        sender.connection().setMaxAsyncWriteQueueSize(MOST_QUEUED);
        response.suspend();
        sender.goOn();
    }

    private Connection<?> connection() {
        return response.getRequest().getRequest().getConnection();
    }

    private void goOn() {
        Connection<?> connection = connection();
        // To close would wait until all is taken
        deadline = patience.whenOver(connection::terminateSilently);
        out.notifyCanWrite(this);
    }

    @Override
    public void onWritePossible() throws IOException {
        deadline.cancel(false);
        Buffer piece = response.getRequest().getContext().getMemoryManager().allocate(PIECE);
        piece.allowBufferDispose(true);
        if (Buffers.readFromFileChannel(file, piece) <= 0) {
            finish();
            return;
        }
        piece.trim();
        out.write(piece);
        goOn();
    }

    @Override
    public void onError(Throwable cause) {
        deadline.cancel(false);
        finish();
    }

    private void finish() {
        try (file) {
            out.close();
        } catch (IOException e) {
            connection().closeSilently();
        } finally {
            connection().setMaxAsyncWriteQueueSize(mostQueuedBefore);
            if (response.isSuspended()) {
                response.resume();
            }
        }
    }
}
