package dev.parley.standalone;

import dev.parley.channel.Batch;
import dev.parley.channel.Encoded;
import dev.parley.connection.Transport;
import dev.parley.protocol.DisconnectCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Sends each batch as ready frames (RFC 6455 section 5.2), made once for all sessions, in one write; pings and farewells go through Tyrus, and since
 * each write is whole frames they do not mix.
 *
 * <p>Tyrus by itself keeps of every message that is on the way its text, the text's bytes and the frame with a copy of
 * them: for a client that does not read, three times what is on the way to it.
 */
final class FrameTransport implements Transport {
    private static final int TEXT = 0x81;
    private static final int BINARY = 0x82;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;
    private static final int MOST_SHORT = 0xffff;
    private static final int MOST_HEADER = 10;

    private final WebSocketWriter writer;
    private final Transport tyrus;

    FrameTransport(WebSocketWriter writer, Transport tyrus) {
        this.writer = writer;
        this.tyrus = tyrus;
    }

    @Override
    public void send(Batch batch, Completion done) {
        writer.send(batch.ready(ByteBuffer.class, FrameTransport::frames).duplicate(), done);
    }

    @Override
    public void ping() {
        tyrus.ping();
    }

    @Override
    public long heardAt(long known) {
        long heard = writer.heardAt();
        return heard - known > 0 ? heard : known;
    }

    @Override
    public void close(DisconnectCode code) {
        tyrus.close(code);
    }

    static ByteBuffer frames(List<Encoded> pieces) {
        List<ByteBuffer> payloads = pieces.stream().map(FrameTransport::payload).toList();
        int size = payloads.stream()
                .mapToInt(payload -> MOST_HEADER + payload.remaining())
                .sum();
        ByteBuffer frames = ByteBuffer.allocate(size);
        for (int i = 0; i < pieces.size(); i++) {
            header(
                    frames,
                    pieces.get(i) instanceof Encoded.Text ? TEXT : BINARY,
                    payloads.get(i).remaining());
            frames.put(payloads.get(i));
        }
        return frames.flip().asReadOnlyBuffer();
    }

    private static ByteBuffer payload(Encoded piece) {
        return piece instanceof Encoded.Text text
                ? ByteBuffer.wrap(text.text().getBytes(StandardCharsets.UTF_8))
                : ((Encoded.Binary) piece).bytes().asBuffer();
    }

    private static void header(ByteBuffer frames, int first, int length) {
        frames.put((byte) first);
        if (length < SHORT_LENGTH) {
            frames.put((byte) length);
        } else if (length <= MOST_SHORT) {
            frames.put((byte) SHORT_LENGTH).putShort((short) length);
        } else {
            frames.put((byte) LONG_LENGTH).putLong(length);
        }
    }
}
