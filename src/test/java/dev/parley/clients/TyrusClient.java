package dev.parley.clients;

import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.ContainerProvider;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import jakarta.websocket.WebSocketContainer;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The Tyrus client, by the API of Jakarta WebSocket. */
final class TyrusClient implements ClientSocket.Client {
    private static final int LARGEST = 8 * 1024 * 1024;

    @Override
    public ClientSocket open(URI uri, Optional<String> subProtocol) throws DeploymentException, IOException {
        WebSocketContainer container = ContainerProvider.getWebSocketContainer();
        ClientEndpointConfig config = ClientEndpointConfig.Builder.create()
                .preferredSubprotocols(subProtocol.stream().toList())
                .build();
        Inbox inbox = new Inbox();
        return new TyrusPeer(container.connectToServer(new Receiver(inbox), config, uri), inbox);
    }

    @Override
    public String toString() {
        return "Tyrus";
    }

    private record TyrusPeer(Session session, Inbox inbox) implements ClientSocket {
        @Override
        public void send(String text) throws IOException {
            session.getBasicRemote().sendText(text);
        }

        @Override
        public void send(byte[] bytes) throws IOException {
            session.getBasicRemote().sendBinary(ByteBuffer.wrap(bytes));
        }

        @Override
        public Received next() throws InterruptedException {
            return inbox.next();
        }

        @Override
        public void close() throws IOException {
            session.close();
        }
    }

    private static final class Receiver extends Endpoint {
        private final Inbox inbox;

        Receiver(Inbox inbox) {
            this.inbox = inbox;
        }

        @Override
        public void onOpen(Session session, EndpointConfig config) {
            session.setMaxTextMessageBufferSize(LARGEST);
            session.setMaxBinaryMessageBufferSize(LARGEST);
            session.addMessageHandler(String.class, text -> inbox.add(new ClientSocket.Received.Text(text)));
            session.addMessageHandler(byte[].class, bytes -> inbox.add(new ClientSocket.Received.Binary(bytes)));
        }
    }
}
