package dev.parley.http;

import dev.parley.connection.Transport;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * Writes the response to a request, which may wait or never end, when the client can take more: on Grizzly's
 * asynchronous writes standalone, on Servlet's {@code WriteListener} in the WAR. (Jakarta REST's {@code SseEventSink}
 * blocks a thread for every client that does not read.) No method blocks. Thread-safe, but there is never more than one
 * write under way.
 */
public interface ResponseWriter {
    /** Of an answer that is not finished yet when it begins. */
    long UNKNOWN = -1;

    /**
     * Says this before the first bytes.
     *
     * @param length of the body in bytes, or {@link #UNKNOWN}
     */
    void begin(int status, Map<String, String> headers, long length);

    /** Writes these, one after the other; what became of it is told once, perhaps on this stack. */
    void write(List<ByteBuffer> pieces, Transport.Completion taken);

    /** That was all; what was written goes out. */
    void end();

    /** Ends the answer and its TCP connection where it is, whatever is under way. */
    void cut();

    /** Is told once when the client has gone before the end, as far as the transport sees that. */
    void whenGone(Runnable told);
}
