package dev.parley.client;

import dev.parley.protocol.Bytes;
import dev.parley.protocol.FromServer;
import dev.parley.wire.ServerReader;
import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.CloseReason;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.WebSocketContainer;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One WebSocket of a client, from its handshake to its end. Thread-safe. */
final class WebSocketLink extends Endpoint implements MessageSink {
    static final String SUB_PROTOCOL = "v1.parley";

    /** RFC 6455 section 7.4.1: as if the connection had ended without a word. */
    static final int NO_WORD = 1006;

    private static final int ENVELOPE = 64 * 1024;
    private static final System.Logger LOGGER = System.getLogger(WebSocketLink.class.getName());

    private final Receiver ears;
    private final int largest;
    private final long begunAt = System.nanoTime();
    private volatile Optional<String> token = Optional.empty();
    private volatile @Nullable Session session;
    private volatile @Nullable Sender sender;
    private volatile long heardAt = System.nanoTime();
    private volatile boolean retired;

    /** Are told what becomes of a link, on the WebSocket's own threads, and wait for nothing. */
    interface Receiver {
        /** The handshake is done. */
        void opened(WebSocketLink link);

        void received(WebSocketLink link, FromServer message);

        /** May come more than once. */
        void ended(WebSocketLink link, int code, String reason);
    }

    /** @param maxMessage bytes of the largest message that the server is told to send */
    WebSocketLink(Receiver ears, int maxMessage) {
        this.ears = ears;
        this.largest = maxMessage + ENVELOPE;
    }

    /** What it says who it is with. */
    void shows(Optional<String> text) {
        token = text;
    }

    Optional<String> token() {
        return token;
    }

    /** Waits for the handshake, as the API has it; so this has a thread of its own. */
    void open(WebSocketContainer container, URI uri) {
        ClientEndpointConfig config = ClientEndpointConfig.Builder.create()
                .preferredSubprotocols(List.of(SUB_PROTOCOL))
                .build();
        try {
            container.connectToServer(this, config, uri);
        } catch (DeploymentException | IOException | RuntimeException e) {
            ears.ended(this, NO_WORD, reason(e));
        }
    }

    @Override
    public void onOpen(Session opened, EndpointConfig config) {
        opened.setMaxTextMessageBufferSize(largest);
        opened.setMaxBinaryMessageBufferSize(largest);
        opened.setMaxIdleTimeout(-1); // none, as 0 is, for which Tyrus wakes a thread at each message
        opened.addMessageHandler(String.class, (MessageHandler.Whole<String>) this::text);
        opened.addMessageHandler(ByteBuffer.class, (MessageHandler.Whole<ByteBuffer>) this::bytes);
        session = opened;
        sender = new Sender(opened, () -> ears.ended(this, NO_WORD, "A send has failed."));
        if (!SUB_PROTOCOL.equals(opened.getNegotiatedSubprotocol())) {
            ears.ended(
                    this, NO_WORD, "There is a WebSocket at this address, but it does not speak " + SUB_PROTOCOL + ".");
        } else {
            ears.opened(this);
        }
        if (retired) {
            close();
        }
    }

    @Override
    public void onClose(Session closed, CloseReason reason) {
        ears.ended(this, reason.getCloseCode().getCode(), String.valueOf(reason.getReasonPhrase()));
    }

    @Override
    public void onError(Session failed, Throwable failure) {
        LOGGER.log(System.Logger.Level.DEBUG, "The WebSocket failed", failure);
    }

    /** By the clock of {@link System#nanoTime}. */
    long heardAt() {
        return heardAt;
    }

    long begunAt() {
        return begunAt;
    }

    @Override
    public void send(String text) {
        Sender current = sender;
        if (current != null) {
            current.send(text);
        }
    }

    @Override
    public void send(Bytes bytes) {
        Sender current = sender;
        if (current != null) {
            current.send(bytes);
        }
    }

    /** Ends it, also when its handshake is still to come. */
    void close() {
        retired = true;
        Session current = session;
        try {
            if (current != null) {
                current.close();
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "The WebSocket is gone already", e);
        }
    }

    private void text(String text) {
        heardAt = System.nanoTime();
        ServerReader.read(text).forEach(this::received);
    }

    private void bytes(ByteBuffer bytes) {
        heardAt = System.nanoTime();
        ServerReader.read(bytes).ifPresent(this::received);
    }

    private void received(FromServer message) {
        if (!retired) {
            ears.received(this, message);
        }
    }

    /** The last cause is what tells: a refused connection, a handshake that was answered with 403. */
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }
}
