package dev.parley.frames;

import dev.parley.connection.Transport;
import java.nio.ByteBuffer;

/**
 * What carries the frames of one WebSocket to its client, in order, without ever waiting for it: TCP, or TLS on it. Each
 * write is of whole frames. What the connection's end leaves unsent fails. Thread-safe.
 */
public interface FrameOutput {
    /** Writes from this thread what can go at once; what has become of all is told once, perhaps on this stack. */
    void write(ByteBuffer frames, Transport.Completion done);

    /** Writes after all that waits; what has become of it is told once. */
    void queue(ByteBuffer frames, Transport.Completion done);

    /** Whether all that was written has gone out, or failed. */
    boolean isIdle();

    /** Bytes of what was written that have not gone out. */
    int waiting();

    /** Tries again soon to write what waits: the system says only that there is room when there is much. */
    void nudge();

    /** Is told each time that this has become so. Said once, before the first write. */
    void whenIdle(Runnable told);

    /** Ends the connection. */
    void close();
}
