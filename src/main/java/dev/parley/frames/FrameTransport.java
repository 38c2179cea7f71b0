package dev.parley.frames;

import dev.parley.api.Identity;
import dev.parley.channel.Batch;
import dev.parley.connection.Transport;
import dev.parley.protocol.DisconnectCode;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends each batch as ready frames (RFC 6455 section 5.2), made once for all sessions, in one write; pings and
 * farewells go through Tyrus, and since each write is whole frames they do not mix.
 *
 * <p>Tyrus by itself keeps of every message that is on the way its text, the text's bytes and the frame with a copy of
 * them: for a client that does not read, three times what is on the way to it.
 */
final class FrameTransport implements Transport {
    private static final ThreadLocal<@Nullable Ends> OPENING = new ThreadLocal<>();

    private final WebSocketWriter writer;
    private final ReadTurns reads;
    private final Owner owner;
    private final Transport tyrus;

    private FrameTransport(Ends ends, Transport tyrus) {
        this.writer = ends.writer();
        this.reads = ends.reads();
        this.owner = ends.owner();
        this.tyrus = tyrus;
    }

    /** Both ends of one connection, as far as a transport needs them. */
    record Ends(WebSocketWriter writer, ReadTurns reads, Owner owner) {}

    /** Who wants to know what the session's connection finds out, and knows when its client was heard. */
    interface Owner {
        /** It is this user's; from now on the connection looks after its peer. */
        void identified(Identity identity);

        /** When the client was last heard, or would not have been, since nobody read what it sends. */
        long heardAt(long known);
    }

    /** Opens a session, which may ask meanwhile for its transport. */
    static <T> T opening(Ends ends, Supplier<T> session) {
        OPENING.set(ends);
        try {
            return session.get();
        } finally {
            OPENING.remove();
        }
    }

    /** Of the session that is being opened on this thread; where none is, Tyrus's own. */
    static Transport ofOpening(Transport tyrus) {
        Ends ends = OPENING.get();
        return ends == null ? tyrus : new FrameTransport(ends, tyrus);
    }

    @Override
    public void send(Batch batch, Completion done) {
        EncodedFrames frames = batch.ready(EncodedFrames.class, EncodedFrames::new);
        writer.send(writer.isCompressing() ? frames.compressed() : frames.plain(), done);
    }

    @Override
    public void ping(Ping told) {
        tyrus.ping(told);
    }

    @Override
    public long heardAt(long known) {
        return owner.heardAt(known);
    }

    @Override
    public boolean isSendingLater(Runnable sending) {
        return reads.isSendingLater(sending);
    }

    @Override
    public void identified(Identity identity) {
        owner.identified(identity);
    }

    @Override
    public void close(DisconnectCode code) {
        tyrus.close(code);
    }
}
