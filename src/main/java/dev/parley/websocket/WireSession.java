package dev.parley.websocket;

import dev.parley.channel.Encoded;
import dev.parley.connection.CommandPipeline;
import dev.parley.protocol.DisconnectCode;
import dev.parley.wire.CommandReader;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A session that speaks {@code v1.parley}, on the way in: what the container hands over, sized up before it is read,
 * and given to the {@link CommandPipeline}. {@link WebSocketSessions#openWire} makes it; what goes out passes it by.
 */
public final class WireSession {
    private static final long UTF_8_BYTES = 3;

    private final CommandPipeline pipeline;
    private final Runnable gone;
    private final int most;

    /** @param gone is told when the session has closed */
    WireSession(CommandPipeline pipeline, int messageSize, Runnable gone) {
        this.pipeline = pipeline;
        this.gone = gone;
        this.most = messageSize;
    }

    /** Commands, one a line; each is read when the one before is done. */
    void received(String text) {
        if (fits(bytes(text))) {
            pipeline.receive(CommandReader.read(text));
        }
    }

    /** A publish with bytes; the container's call lasts until they are read. */
    void received(ByteBuffer bytes) {
        if (fits(bytes.remaining())) {
            pipeline.receive(List.of(CommandReader.read(bytes)));
        }
    }

    void heard() {
        pipeline.connection().heard();
    }

    void onClose() {
        pipeline.connection().transportClosed();
        gone.run();
    }

    /** As UTF-8, counted only where the characters alone do not tell. */
    private long bytes(String text) {
        boolean small = UTF_8_BYTES * text.length() <= most;
        return small ? text.length() : Encoded.Text.of(text).size();
    }

    private boolean fits(long size) {
        if (size > most) {
            pipeline.connection().close(DisconnectCode.TOO_LARGE);
        }
        return size <= most;
    }
}
