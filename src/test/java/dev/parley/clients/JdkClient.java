package dev.parley.clients;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The JDK's own {@link WebSocket}. */
final class JdkClient implements ClientSocket.Client {
    @Override
    public ClientSocket open(URI uri, Optional<String> subProtocol) {
        WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
        subProtocol.ifPresent(builder::subprotocols);
        Inbox inbox = new Inbox();
        return new JdkPeer(builder.buildAsync(uri, new Listener(inbox)).join(), inbox);
    }

    @Override
    public String toString() {
        return "java.net.http.WebSocket";
    }

    private record JdkPeer(WebSocket socket, Inbox inbox) implements ClientSocket {
        @Override
        public void send(String text) {
            socket.sendText(text, true).join();
        }

        @Override
        public void send(byte[] bytes) {
            socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
        }

        @Override
        public Received next() throws InterruptedException {
            return inbox.next();
        }

        @Override
        public void close() {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        }
    }

    /** Puts the parts of a message together. */
    private static final class Listener implements WebSocket.Listener {
        private final Inbox inbox;
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Listener(Inbox inbox) {
            this.inbox = inbox;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                inbox.add(new ClientSocket.Received.Text(text.toString()));
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer part, boolean last) {
            byte[] piece = new byte[part.remaining()];
            part.get(piece);
            bytes.writeBytes(piece);
            if (last) {
                inbox.add(new ClientSocket.Received.Binary(bytes.toByteArray()));
                bytes.reset();
            }
            socket.request(1);
            return null;
        }
    }
}
