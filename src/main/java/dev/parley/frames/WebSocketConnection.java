package dev.parley.frames;

import dev.parley.protocol.DisconnectCode;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.glassfish.tyrus.container.grizzly.client.TaskProcessor;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection that has become a WebSocket: what comes in goes to the endpoint's session once it is read and checked.
 *
 * <p>Tyrus by itself closes the TCP connection right after it has written its close frame. A client that is still
 * sending, say the rest of a message that was too large, is then reset, and never reads why. So here the connection
 * stays until the client's own close frame has come, as RFC 6455 section 7.1.1 has it; the filter ends it when none
 * comes. Bytes that come meanwhile are dropped.
 *
 * <p>A client that sends pings and does not read is owed one answer and not all of them: while a pong is on the way, of
 * further pings only the newest is remembered (section 5.5.3).
 *
 * <p>Bytes are taken one buffer after the other, whatever thread brings them.
 */
public final class WebSocketConnection implements FrameReader.Receiver {
    private static final CloseReason ABNORMAL = new CloseReason(CloseCodes.CLOSED_ABNORMALLY, "");

    private final FrameOutput output;
    private final FrameReader reader;
    private final ReadTurns reads = new ReadTurns();
    private final WebSocketWriter writer;
    private final EndpointSession session;
    private final TaskProcessor tasks = new TaskProcessor();

    private byte @Nullable [] unanswered;

    /** Opens the endpoint's session: its {@code @OnOpen} runs in here. */
    WebSocketConnection(
            FrameOutput output,
            EndpointEngine.Upgrade upgrade,
            FrameReader.Bounds bounds,
            UnfinishedMessages.OfConnection unfinished,
            Runnable whenDone) {
        this.output = output;
        this.reader = new FrameReader(bounds, unfinished, this);
        this.writer = new WebSocketWriter(output, bounds.compressed(), whenDone, () -> run(this::answer));
        this.session = FrameTransport.opening(
                new FrameTransport.Ends(writer, reads, unfinished),
                () -> upgrade.createConnection(writer, reason -> output.close()));
        unfinished.whenOver(code -> run(() -> reader.refuse(code)));
    }

    public boolean neverWaits() {
        return session.neverWaits();
    }

    /** Takes what the client sent. */
    public void received(ByteBuffer bytes) {
        run(() -> {
            reads.reading(() -> reader.read(bytes));
            if (isOver()) {
                end();
            }
        });
    }

    /** Says farewell with this code, unless somebody has already. */
    public void close(DisconnectCode code) {
        run(() -> session.close(reason(code)));
    }

    /** The TCP connection is gone; the endpoint hears of it after all that came before. */
    public void lost() {
        run(() -> {
            reader.drop();
            session.close(ABNORMAL);
        });
    }

    /** Whether both sides have said that they are done. */
    public boolean isOver() {
        return writer.isDone() && reader.closeSeen();
    }

    /** Nothing is written any more, but perhaps not all of it has gone out. */
    public void end() {
        output.close();
    }

    @Override
    public void text(String text) {
        session.text(text);
    }

    @Override
    public void binary(byte[] bytes) {
        session.binary(bytes);
    }

    @Override
    public void ping(byte[] data) {
        reads.sendNow();
        if (writer.isPongUnderWay()) {
            unanswered = data;
        } else {
            session.ping(data);
        }
    }

    @Override
    public void pong(byte[] data) {
        session.pong(data);
    }

    @Override
    public void closed(OptionalInt code, String reason) {
        reads.sendNow();
        session.closed(code, reason);
    }

    @Override
    public void violated(DisconnectCode code) {
        reads.sendNow();
        session.close(reason(code));
    }

    private void answer() {
        byte[] data = unanswered;
        unanswered = null;
        if (data != null) {
            ping(data);
        }
    }

    private static CloseReason reason(DisconnectCode code) {
        return new CloseReason(CloseCodes.getCloseCode(code.code()), code.reason());
    }

    private void run(Runnable action) {
        tasks.processTask(new TaskProcessor.Task() {
            @Override
            public void execute() {
                action.run();
            }
        });
    }
}
