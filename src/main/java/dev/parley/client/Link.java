package dev.parley.client;

import dev.parley.protocol.Bytes;
import dev.parley.protocol.FromServer;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.ServerReader;
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
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One WebSocket of a client, from its handshake to its end. */
final class Link extends Endpoint {
    private static final String SUB_PROTOCOL = "v1.parley";
    private static final int LARGEST = 64 * 1024 * 1024;
    private static final System.Logger LOGGER = System.getLogger(Link.class.getName());

    private final BiConsumer<Link, FromServer> received;
    private final BiConsumer<Link, CloseReason> ended;
    private volatile @Nullable Session session;
    private volatile @Nullable Sender sender;
    private volatile long heardAt = System.nanoTime();

    /**
     * @param received is told what the server says, on the WebSocket's own thread; while it waits, nothing is read
     * @param ended is told once
     */
    Link(BiConsumer<Link, FromServer> received, BiConsumer<Link, CloseReason> ended) {
        this.received = received;
        this.ended = ended;
    }

    /** Waits for the handshake. */
    void open(WebSocketContainer container, URI uri) throws IOException {
        ClientEndpointConfig config = ClientEndpointConfig.Builder.create()
                .preferredSubprotocols(List.of(SUB_PROTOCOL))
                .build();
        try {
            container.connectToServer(this, config, uri);
        } catch (DeploymentException e) {
            throw new IOException("The server does not answer the handshake", e);
        }
    }

    @Override
    public void onOpen(Session opened, EndpointConfig config) {
        session = opened;
        sender = new Sender(opened);
        opened.setMaxTextMessageBufferSize(LARGEST);
        opened.setMaxBinaryMessageBufferSize(LARGEST);
        opened.addMessageHandler(String.class, (MessageHandler.Whole<String>) this::text);
        opened.addMessageHandler(ByteBuffer.class, (MessageHandler.Whole<ByteBuffer>) this::bytes);
    }

    @Override
    public void onClose(Session closed, CloseReason reason) {
        ended.accept(this, reason);
    }

    @Override
    public void onError(Session failed, Throwable failure) {
        LOGGER.log(System.Logger.Level.DEBUG, "The WebSocket failed", failure);
    }

    long heardAt() {
        return heardAt;
    }

    void send(String text) {
        Sender current = sender;
        if (current != null) {
            current.send(text);
        }
    }

    void send(Bytes bytes) {
        Sender current = sender;
        if (current != null) {
            current.send(bytes);
        }
    }

    void close() {
        Session current = session;
        try {
            if (current != null) {
                current.close();
            }
        } catch (IOException | IllegalStateException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "The WebSocket is gone already", e);
        }
    }

    private void text(String text) {
        heardAt = System.nanoTime();
        try {
            ServerReader.read(text).forEach(message -> received.accept(this, message));
        } catch (RefusedException e) {
            notOurs(e);
        }
    }

    private void bytes(ByteBuffer bytes) {
        heardAt = System.nanoTime();
        try {
            ServerReader.read(bytes).ifPresent(message -> received.accept(this, message));
        } catch (RefusedException e) {
            notOurs(e);
        }
    }

    private void notOurs(RefusedException reason) {
        LOGGER.log(System.Logger.Level.WARNING, "The server does not speak {0}: {1}", SUB_PROTOCOL, reason.reason());
        close();
    }
}
