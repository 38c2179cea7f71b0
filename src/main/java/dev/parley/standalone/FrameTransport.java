package dev.parley.standalone;

import dev.parley.channel.Batch;
import dev.parley.connection.Transport;
import dev.parley.protocol.DisconnectCode;

/**
 * Sends each batch as ready frames (RFC 6455 section 5.2), made once for all sessions, in one write; pings and farewells go through Tyrus, and since
 * each write is whole frames they do not mix.
 *
 * <p>Tyrus by itself keeps of every message that is on the way its text, the text's bytes and the frame with a copy of
 * them: for a client that does not read, three times what is on the way to it.
 */
final class FrameTransport implements Transport {
    private final WebSocketWriter writer;
    private final Transport tyrus;

    FrameTransport(WebSocketWriter writer, Transport tyrus) {
        this.writer = writer;
        this.tyrus = tyrus;
    }

    @Override
    public void send(Batch batch, Completion done) {
        ReadyFrames frames = batch.ready(ReadyFrames.class, ReadyFrames::new);
        writer.send(writer.isCompressing() ? frames.compressed() : frames.plain(), done);
    }

    @Override
    public void ping() {
        tyrus.ping();
    }

    @Override
    public long heardAt(long known) {
        return writer.heardAt(known);
    }

    @Override
    public boolean isSendingLater(Runnable sending) {
        return writer.isSendingLater(sending);
    }

    @Override
    public void close(DisconnectCode code) {
        tyrus.close(code);
    }
}
