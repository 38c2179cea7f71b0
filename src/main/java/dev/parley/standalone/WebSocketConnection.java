package dev.parley.standalone;

import dev.parley.protocol.DisconnectCode;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.glassfish.grizzly.Connection;
import org.glassfish.tyrus.container.grizzly.client.TaskProcessor;
import org.glassfish.tyrus.spi.WebSocketEngine.UpgradeInfo;

/**
 * A TCP connection that has become a WebSocket: what comes in goes to Tyrus once the meter has passed it.
 *
 * <p>Tyrus by itself closes the TCP connection right after it has written its close frame. A client that is still
 * sending, say the rest of a message that was too large, is then reset, and never reads why. So here the connection
 * stays until the client's own close frame has come, as RFC 6455 section 7.1.1 has it; the filter ends it when none
 * comes. Bytes that come meanwhile are dropped.
 *
 * <p>Bytes are taken one buffer after the other, whatever thread brings them.
 */
final class WebSocketConnection {
    private static final CloseReason ABNORMAL = new CloseReason(CloseCodes.CLOSED_ABNORMALLY, "");

    private final Connection<SocketAddress> tcp;
    private final FrameMeter meter;
    private final WebSocketWriter writer;
    private final org.glassfish.tyrus.spi.Connection tyrus;
    private final TaskProcessor tasks = new TaskProcessor();
    private boolean deaf;

    /** Opens the endpoint's session: its {@code @OnOpen} runs in here. */
    WebSocketConnection(Connection<SocketAddress> tcp, UpgradeInfo upgrade, FrameMeter meter, Runnable whenDone) {
        this.tcp = tcp;
        this.meter = meter;
        this.writer = new WebSocketWriter(tcp, whenDone);
        this.tyrus = writer.opening(() -> upgrade.createConnection(writer, reason -> tcp.closeSilently()));
    }

    /** Takes what the client sent. */
    void received(ByteBuffer bytes) {
        tasks.processTask(task(() -> take(bytes)));
    }

    /** Says farewell with this code, unless somebody has already. */
    void close(DisconnectCode code) {
        CloseReason reason = new CloseReason(CloseCodes.getCloseCode(code.code()), code.reason());
        tasks.processTask(task(() -> tyrus.close(reason)));
    }

    /** The TCP connection is gone; the endpoint hears of it after all that came before. */
    void lost() {
        tasks.processTask(task(() -> tyrus.close(ABNORMAL)));
    }

    /** Whether both sides have said that they are done. */
    boolean isOver() {
        return writer.isDone() && meter.closeSeen();
    }

    /** Whether nothing is written any more, but perhaps not all of it has gone out. */
    void end() {
        tcp.closeSilently();
    }

    private void take(ByteBuffer bytes) {
        int begin = bytes.position();
        meter.read(bytes).ifPresentOrElse(violation -> fail(violation, bytes, begin), () -> pass(bytes));
        if (isOver()) {
            end();
        }
    }

    /** What came before the offending frame still counts. */
    private void fail(FrameMeter.Violation violation, ByteBuffer bytes, int begin) {
        bytes.limit(begin + Math.max(0, violation.at()));
        pass(bytes);
        deaf = true;
        DisconnectCode code = violation.code();
        tyrus.close(new CloseReason(CloseCodes.getCloseCode(code.code()), code.reason()));
    }

    private void pass(ByteBuffer bytes) {
        if (!deaf) {
            tyrus.getReadHandler().handle(bytes);
        }
    }

    private static TaskProcessor.Task task(Runnable action) {
        return new TaskProcessor.Task() {
            @Override
            public void execute() {
                action.run();
            }
        };
    }
}
