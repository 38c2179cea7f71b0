package dev.parley.e2e;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Puts messages together and takes them apart into lines; of a binary message the line alone. */
final class LineListener implements WebSocket.Listener {
    private final Consumer<String> lines;
    private final BiConsumer<Integer, String> closed;
    private final StringBuilder text = new StringBuilder();
    private boolean inBinary;

    LineListener(Consumer<String> lines, BiConsumer<Integer, String> closed) {
        this.lines = lines;
        this.closed = closed;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            text.toString().lines().forEach(lines);
            text.setLength(0);
        }
        socket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
        if (!inBinary) {
            StandardCharsets.UTF_8.decode(data).toString().lines().findFirst().ifPresent(lines);
        }
        inBinary = !last;
        socket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        closed.accept(code, reason);
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable failure) {
        closed.accept(1006, failure.toString());
    }
}
