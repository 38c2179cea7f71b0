package dev.parley.frames;

import dev.parley.protocol.DisconnectCode;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import java.util.OptionalInt;
import java.util.concurrent.Future;
import org.glassfish.tyrus.core.TyrusSession;
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
    private final TyrusSession session;
    private final EndpointCallbacks callbacks;
    private final SessionHandlers handlers;
    private final Ends ends;
    private final MessageIntake intake;

    /**
     * Both ends of its connection.
     *
     * @param turns when the endpoint is told
     */
    record Ends(WebSocketWriter writer, CloseListener closeListener, EndpointTurns turns) {}

    EndpointSession(TyrusWebSocket socket, TyrusSession session, EndpointCallbacks callbacks, Ends ends) {
        this.socket = socket;
        this.session = session;
        this.callbacks = callbacks;
        this.handlers = new SessionHandlers(session);
        this.ends = ends;
        this.intake = new MessageIntake(handlers, new Told(), ends.turns());
    }

    /** How the messages of parts and streams are told. */
    private final class Told implements MessageIntake.Told {
        @Override
        public void part(String part, boolean last) {
            take(new ReadText(part, true, last));
        }

        @Override
        public void part(byte[] part, boolean last) {
            take(new BinaryFrame(part, true, last));
        }

        @Override
        public void whole(String text) {
            take(new ReadText(text, false, true));
        }

        @Override
        public void whole(byte[] bytes) {
            take(new BinaryFrame(bytes, false, true));
        }

        @Override
        public void stream(Runnable reading) {
            callbacks.call(() -> {
                try {
                    reading.run();
                } catch (Throwable e) { // a method's goes to its @OnError by itself, a handler's does not
                    callbacks.errors().failed(session, e);
                }
            });
        }
    }

    /** A text that is read already; Tyrus would read its bytes again, a character at a time. */
    private static final class ReadText extends TextFrame {
        private final String text;
        private final boolean part;

        ReadText(String text, boolean part, boolean last) {
            super(Frame.builder().fin(last).opcode(TEXT).payloadData(NOTHING).build(), null);
            this.text = text;
            this.part = part;
        }

        @Override
        public String getTextPayload() {
            return text;
        }

        @Override
        public void respond(TyrusWebSocket socket) {
            if (part) {
                socket.onFragment(this, isFin());
            } else {
                socket.onMessage(this);
            }
        }
    }

    /** How it takes messages in parts, and whether it can take more. */
    MessageIntake intake() {
        return intake;
    }

    void text(String text) {
        if (text.length() > handlers.mostWhole(true)) {
            close(DisconnectCode.TOO_LARGE);
        } else {
            takeWhole(new ReadText(text, false, true), true);
        }
    }

    void binary(byte[] bytes) {
        takeWhole(new BinaryFrame(bytes, false, true), false);
    }

    private void takeWhole(TyrusFrame frame, boolean text) {
        if (callbacks.ours()) {
            take(frame);
        } else if (handlers.areThere(text)) {
            callbacks.errors().message(session, handlers, () -> take(frame));
        } else {
            refuse(text ? "texts" : "bytes");
        }
    }

    /**
     * RFC 6455 section 7.4.1. It is the client that is wrong, and the connection ends: so the endpoint hears of it as of the
     * end (Jakarta WebSocket 2.1 section 5.2.3), and not as of an error of its own.
     */
    private void refuse(String kind) {
        if (socket.isConnected()) {
            LOGGER.log(
                    System.Logger.Level.DEBUG,
                    "The session {0} of {1}, which takes no {2}, was sent some and is closed",
                    session.getId(),
                    callbacks.errors().endpoint().getName(),
                    kind);
        }
        close(DisconnectCode.UNSUPPORTED_DATA);
    }

    /** Answers with a pong. */
    void ping(byte[] data) {
        take(new PingFrame(data));
    }

    /** Answers with a pong; on any thread, since it tells the endpoint nothing. */
    void pingBeside(byte[] data) {
        try {
            Future<Frame> unused = socket.sendPong(data);
        } catch (RuntimeException e) { // so Tyrus says that the session is closing
            LOGGER.log(System.Logger.Level.DEBUG, "A session that closes answers no ping", e);
        }
    }

    /** Asks the client for a sign of life; on any thread. */
    void askForLife() {
        try {
            Future<Frame> unused = socket.sendPing(NOTHING);
        } catch (RuntimeException e) { // so Tyrus says that the session is closing
            LOGGER.log(System.Logger.Level.DEBUG, "A session that closes is not asked", e);
        }
    }

    void pong(byte[] data) {
        take(new PongFrame(data));
    }

    /** The client has said farewell: the endpoint hears of it, and the answer is written. */
    void closed(OptionalInt code, String reason) {
        int said = code.orElse(CloseCodes.NO_STATUS_CODE.getCode());
        intake.afterStream(() -> take(new CloseFrame(new CloseReason(CloseCodes.getCloseCode(said), reason))));
    }

    /** The connection is gone: the endpoint hears of it. */
    void lost() {
        intake.afterStream(() -> close(new CloseReason(CloseCodes.CLOSED_ABNORMALLY, "")));
    }

    /** Says farewell, unless somebody has already. */
    void close(DisconnectCode code) {
        close(new CloseReason(CloseCodes.getCloseCode(code.code()), code.reason()));
    }

    /** Says farewell, unless somebody has already. */
    @Override
    public void close(CloseReason reason) {
        if (socket.isConnected()) {
            callbacks.call(() -> socket.close(reason.getCloseCode().getCode(), reason.getReasonPhrase()));
        }
    }

    @Override
    public ReadHandler getReadHandler() {
        throw new UnsupportedOperationException("Frames are read by FrameReader");
    }

    @Override
    public Writer getWriter() {
        return ends.writer();
    }

    @Override
    public CloseListener getCloseListener() {
        return ends.closeListener();
    }

    private void take(TyrusFrame frame) {
        try {
            callbacks.call(() -> frame.respond(socket));
        } catch (WebSocketException e) {
            close(e.getCloseReason());
        } catch (RuntimeException e) { // what an endpoint throws reaches its own @OnError first
            if (socket.isConnected()) {
                LOGGER.log(System.Logger.Level.WARNING, "A session has failed and is closed", e);
            }
            close(DisconnectCode.INTERNAL);
        }
    }
}
