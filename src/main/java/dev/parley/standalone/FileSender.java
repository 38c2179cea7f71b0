package dev.parley.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.WriteHandler;
import org.glassfish.grizzly.http.io.NIOOutputStream;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.grizzly.memory.Buffers;

/** Sends a file a piece at a time, whenever the client can take one; a client that does not read holds no thread. */
final class FileSender implements WriteHandler {
    private static final int PIECE = 32 * 1024;

    private final FileChannel file;
    private final Response response;
    private final NIOOutputStream out;

    private FileSender(FileChannel file, Response response) {
        this.file = file;
        this.response = response;
        this.out = response.getNIOOutputStream();
    }

    static void send(Path file, Response response) throws IOException {
        FileSender sender = new FileSender(FileChannel.open(file), response);
        response.suspend();
        sender.out.notifyCanWrite(sender);
    }

    @Override
    public void onWritePossible() throws IOException {
        Buffer piece = response.getRequest().getContext().getMemoryManager().allocate(PIECE);
        piece.allowBufferDispose(true);
        if (Buffers.readFromFileChannel(file, piece) <= 0) {
            finish();
            return;
        }
        piece.trim();
        out.write(piece);
        out.notifyCanWrite(this);
    }

    @Override
    public void onError(Throwable cause) {
        finish();
    }

    private void finish() {
        try (file) {
            out.close();
        } catch (IOException e) {
            response.getRequest().getRequest().getConnection().closeSilently();
        } finally {
            if (response.isSuspended()) {
                response.resume();
            }
        }
    }
}
