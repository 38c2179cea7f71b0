package dev.parley.frames;

import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import java.util.OptionalInt;
import org.glassfish.tyrus.core.TyrusWebSocket;
import org.glassfish.tyrus.core.WebSocketException;
import org.glassfish.tyrus.core.frame.BinaryFrame;
import org.glassfish.tyrus.core.frame.CloseFrame;
import org.glassfish.tyrus.core.frame.Frame;
import org.glassfish.tyrus.core.frame.PingFrame;
import org.glassfish.tyrus.core.frame.PongFrame;
import org.glassfish.tyrus.core.frame.TextFrame;
import org.glassfish.tyrus.core.frame.TyrusFrame;
import org.glassfish.tyrus.spi.Connection;
import org.glassfish.tyrus.spi.ReadHandler;
import org.glassfish.tyrus.spi.Writer;

/** The session of one endpoint: takes what the client has sent, whole and checked. One thing at a time. */
final class EndpointSession implements Connection {
    private static final System.Logger LOGGER = System.getLogger(EndpointSession.class.getName());
    private static final byte TEXT = 0x1;
    private static final byte[] NOTHING = {};

    private final TyrusWebSocket socket;
    private final Writer writer;
    private final CloseListener closeListener;

    private final boolean neverWaits;

    /** @param neverWaits whether the endpoint says so of itself */
    EndpointSession(TyrusWebSocket socket, Writer writer, CloseListener closeListener, boolean neverWaits) {
        this.socket = socket;
        this.neverWaits = neverWaits;
        this.writer = writer;
        this.closeListener = closeListener;
    }

    /** A text that is read already; Tyrus would read its bytes again, a character at a time. */
    private static final class ReadText extends TextFrame {
        private final String text;

        ReadText(String text) {
            super(Frame.builder().fin(true).opcode(TEXT).payloadData(NOTHING).build(), null);
            this.text = text;
        }

        @Override
        public String getTextPayload() {
            return text;
        }
    }

    boolean neverWaits() {
        return neverWaits;
    }

    void text(String text) {
        take(new ReadText(text));
    }

    void binary(byte[] bytes) {
        take(new BinaryFrame(bytes, false, true));
    }

    /** Answers with a pong. */
    void ping(byte[] data) {
        take(new PingFrame(data));
    }

    void pong(byte[] data) {
        take(new PongFrame(data));
    }

    /** The client has said farewell: the endpoint hears of it, and the answer is written. */
    void closed(OptionalInt code, String reason) {
        int said = code.orElse(CloseCodes.NO_STATUS_CODE.getCode());
        take(new CloseFrame(new CloseReason(CloseCodes.getCloseCode(said), reason)));
    }

    /** Says farewell, unless somebody has already. */
    @Override
    public void close(CloseReason reason) {
        if (socket.isConnected()) {
            socket.close(reason.getCloseCode().getCode(), reason.getReasonPhrase());
        }
    }

    @Override
    public ReadHandler getReadHandler() {
        throw new UnsupportedOperationException("Frames are read by FrameReader");
    }

    @Override
    public Writer getWriter() {
        return writer;
    }

    @Override
    public CloseListener getCloseListener() {
        return closeListener;
    }

    private void take(TyrusFrame frame) {
        try {
            frame.respond(socket);
        } catch (WebSocketException e) {
            close(e.getCloseReason());
        } catch (RuntimeException e) { // what an endpoint throws reaches its own @OnError first
            if (socket.isConnected()) {
                LOGGER.log(System.Logger.Level.WARNING, "A session has failed and is closed", e);
            }
            close(new CloseReason(CloseCodes.UNEXPECTED_CONDITION, ""));
        }
    }
}
