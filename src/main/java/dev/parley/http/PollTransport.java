package dev.parley.http;

import dev.parley.channel.Batch;
import dev.parley.channel.Encoded;
import dev.parley.connection.Connection;
import dev.parley.connection.Connections;
import dev.parley.connection.Transport;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.JsonText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One answer for one request: the first batch, or none when the wait is over. The batch's bytes are shared by all who
 * wait.
 */
final class PollTransport implements Transport {
    /** What makes it answer though there is nothing. */
    static final Encoded NOTHING = new Encoded.Text("", 0);

    private static final byte[] END = "]}\n".getBytes(StandardCharsets.UTF_8);

    private final ResponseWriter response;
    private final Map<String, String> headers;
    private final Connections connections;
    private final Cork cork = new Cork();
    private final AtomicBoolean answered = new AtomicBoolean();
    private volatile @Nullable RequestCursors cursors;
    private volatile @Nullable Connection connection;

    PollTransport(ResponseWriter response, Map<String, String> headers, Connections connections) {
        this.response = response;
        this.headers = headers;
        this.connections = connections;
    }

    /** Whose cursors it answers for, all of which are started. */
    void begin(RequestCursors begun, Connection reader) {
        connection = reader;
        cursors = begun;
        cork.pull();
    }

    boolean isAnswered() {
        return answered.get();
    }

    @Override
    public void send(Batch batch, Completion done) {
        RequestCursors from = Objects.requireNonNull(cursors);
        if (!answered.compareAndSet(false, true)) {
            return;
        }
        Bytes messages = batch.ready(Bytes.class, PollTransport::joined);
        byte[] begin = begin(from);
        response.begin(200, headers, (long) begin.length + messages.size() + END.length);
        response.write(List.of(ByteBuffer.wrap(begin), messages.asBuffer(), ByteBuffer.wrap(END)), new Completion() {
            @Override
            public void sent() {
                // No further batch: the connection ends with its answer
                from.tellLease();
                Objects.requireNonNull(connection).transportClosed();
                response.end();
            }

            @Override
            public void failed(Throwable reason) {
                done.failed(reason);
            }
        });
    }

    private static byte[] begin(RequestCursors cursors) {
        StringBuilder out = new StringBuilder(256).append("{\"position\":");
        JsonText.quote(out, cursors.position());
        out.append(",\"recovered\":").append(cursors.isRecovered());
        out.append(",\"channels\":").append(cursors.here()).append(",\"messages\":[");
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Bytes joined(List<Encoded> pieces) {
        List<String> texts = new ArrayList<>(pieces.size());
        for (Encoded piece : pieces) {
            texts.add(((Encoded.Text) piece).text());
        }
        return Bytes.wrap(
                String.join(JsonArrayRepresentation.LINE.separator(), texts).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void ping(Ping told) {
        throw new IllegalStateException("who waits for one answer is not pinged");
    }

    /** A client that waits has nothing to say. */
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
        if (answered.compareAndSet(false, true)) {
            WholeResponses.problem(response, problem(code), connections);
        } else {
            response.cut();
        }
    }

    private static Problem problem(DisconnectCode code) {
        ErrorCode error = switch (code) {
            case TOKEN_EXPIRED -> ErrorCode.TOKEN_EXPIRED;
            case REVOKED -> ErrorCode.REVOKED;
            case NORMAL, RESTART, OVERLOADED -> ErrorCode.UNAVAILABLE;
            default -> ErrorCode.INTERNAL;
        };
        return new Problem(error, code.sentence());
    }
}
