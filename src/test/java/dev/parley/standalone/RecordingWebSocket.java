package dev.parley.standalone;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The JDK's own WebSocket, with all it hears in order. */
public final class RecordingWebSocket implements WebSocket.Listener {
    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    public final CompletableFuture<String> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    public final WebSocket socket;

    public RecordingWebSocket(URI address) {
        this(HttpClient.newHttpClient(), address);
    }

    public RecordingWebSocket(HttpClient client, URI address) {
        this(client.newWebSocketBuilder(), address);
    }

    /** With headers of its own. */
    public RecordingWebSocket(WebSocket.Builder builder, URI address) {
        this.socket = builder.buildAsync(address, this).join();
    }

    public void send(String message) {
        socket.sendText(message, true).join();
    }

    /** Null when nothing comes. */
    public Object next() throws InterruptedException {
        return heard.poll(20, TimeUnit.SECONDS);
    }

    /** Whether something has come that nobody has asked for yet. */
    public boolean hasSome() {
        return !heard.isEmpty();
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
            heard.add(text.toString());
            text.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer part, boolean last) {
        while (part.hasRemaining()) {
            bytes.write(part.get());
        }
        if (last) {
            heard.add(ByteBuffer.wrap(bytes.toByteArray()));
            bytes.reset();
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
        heard.add("pong " + message.get());
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
        closed.complete(code + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.completeExceptionally(error);
    }
}
