package dev.parley.http;

import dev.parley.channel.Batch;
import dev.parley.channel.Encoded;
import dev.parley.connection.Transport;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.DisconnectCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Server-sent events: each batch as it is, and for several channels a position behind it that covers them all. */
final class StreamTransport implements Transport {
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Type", "text/event-stream",
            "Cache-Control", "no-store, no-transform",
            "X-Accel-Buffering", "no");

    private final ResponseWriter response;
    private final Cork cork = new Cork();
    private volatile @Nullable RequestCursors cursors;
    private volatile boolean inFlight;
    private String lastPosition = "";

    StreamTransport(ResponseWriter response) {
        this.response = response;
    }

    /** Of an answer that streams. */
    static Map<String, String> headers(Map<String, String> further) {
        Map<String, String> headers = new LinkedHashMap<>(HEADERS);
        headers.putAll(further);
        return headers;
    }

    /** The answer has begun, and all cursors are started. */
    void begin(RequestCursors begun) {
        cursors = begun;
        cork.pull();
    }

    @Override
    public void send(Batch batch, Completion done) {
        Bytes events = batch.ready(Bytes.class, StreamTransport::joined);
        RequestCursors from = Objects.requireNonNull(cursors);
        inFlight = true;
        response.write(
                id(from).map(id -> List.of(events.asBuffer(), id)).orElseGet(() -> List.of(events.asBuffer())),
                new Completion() {
                    @Override
                    public void sent() {
                        inFlight = false;
                        done.sent();
                    }

                    @Override
                    public void failed(Throwable reason) {
                        done.failed(reason);
                    }
                });
    }

    /** Unless it has not changed since the last one. */
    private Optional<ByteBuffer> id(RequestCursors from) {
        String position = from.isOfSeveral() ? from.position() : lastPosition;
        if (position.equals(lastPosition)) {
            return Optional.empty();
        }
        lastPosition = position;
        return Optional.of(ByteBuffer.wrap(("id: " + position + "\n\n").getBytes(StandardCharsets.UTF_8)));
    }

    private static Bytes joined(List<Encoded> pieces) {
        StringBuilder text = new StringBuilder();
        pieces.forEach(piece -> text.append(((Encoded.Text) piece).text()));
        return Bytes.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void ping(Ping told) {
        throw new IllegalStateException("a stream's client cannot answer");
    }

    /** A client that listens has nothing to say; whether it is there its TCP connection tells. */
    @Override
    public long heardAt(long known) {
        return System.nanoTime();
    }

    @Override
    public boolean isSendingLater(Runnable sending) {
        return cork.holds(sending);
    }

    @Override
    public void close(DisconnectCode code) {
        if (inFlight) {
            response.cut();
        } else {
            response.end();
        }
    }
}
