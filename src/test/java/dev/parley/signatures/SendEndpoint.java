package dev.parley.signatures;

import jakarta.websocket.EncodeException;
import jakarta.websocket.OnMessage;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Future;

/** Every way to send. */
@ServerEndpoint(value = "/send/{how}", encoders = Coders.PointToText.class)
public class SendEndpoint {
    @OnMessage
    public void message(Session session, @PathParam("how") String how, String text)
            throws IOException, EncodeException {
        RemoteEndpoint.Basic basic = session.getBasicRemote();
        RemoteEndpoint.Async async = session.getAsyncRemote();
        switch (how) {
            case "text" -> basic.sendText("a");
            case "text-parts" -> {
                basic.sendText("a", false);
                basic.sendText("b", false);
                basic.sendText("c", true);
            }
            case "binary" -> basic.sendBinary(ByteBuffer.wrap(new byte[] {1, 2}));
            case "binary-parts" -> {
                basic.sendBinary(ByteBuffer.wrap(new byte[] {1}), false);
                basic.sendBinary(ByteBuffer.wrap(new byte[] {2}), true);
            }
            case "stream" -> {
                try (OutputStream stream = basic.getSendStream()) {
                    stream.write(new byte[] {1, 2});
                }
            }
            case "writer" -> {
                try (Writer writer = basic.getSendWriter()) {
                    writer.write("abc");
                }
            }
            case "object" -> basic.sendObject(new Point(1, 2));
            case "primitive" -> basic.sendObject(7);
            case "async-text" -> sent(async.sendText("a"));
            case "async-text-handler" ->
                async.sendText("a", result -> sent(async.sendText(result.isOK() ? "sent" : "failed")));
            case "async-binary" -> sent(async.sendBinary(ByteBuffer.wrap(new byte[] {1, 2})));
            case "async-binary-handler" ->
                async.sendBinary(
                        ByteBuffer.wrap(new byte[] {1, 2}),
                        result -> sent(async.sendText(result.isOK() ? "sent" : "failed")));
            case "async-object" -> sent(async.sendObject(new Point(1, 2)));
            case "async-object-handler" ->
                async.sendObject(new Point(1, 2), result -> sent(async.sendText(result.isOK() ? "sent" : "failed")));
            default -> throw new IllegalArgumentException(how);
        }
    }

    /** The client says whether it came. */
    private static void sent(Future<Void> sending) {
        Objects.requireNonNull(sending);
    }
}
