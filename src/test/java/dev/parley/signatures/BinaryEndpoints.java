package dev.parley.signatures;

import jakarta.websocket.OnMessage;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Binary messages and pongs, as each kind of parameter. */
public final class BinaryEndpoints {
    private BinaryEndpoints() {}

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @ServerEndpoint("/binary/bytes")
    public static class Bytes {
        @OnMessage
        public byte[] message(byte[] bytes) {
            return bytes;
        }
    }

    @ServerEndpoint("/binary/buffer")
    public static class Buffer {
        @OnMessage
        public byte[] message(ByteBuffer buffer) {
            return bytes(buffer);
        }
    }

    @ServerEndpoint("/binary/stream")
    public static class Streamed {
        @OnMessage
        public byte[] message(InputStream stream) throws IOException {
            return stream.readAllBytes();
        }
    }

    @ServerEndpoint(value = "/binary/decoded", decoders = Coders.OfBinary.class)
    public static class Decoded {
        @OnMessage
        public byte[] message(Point point) {
            return new byte[] {(byte) point.y(), (byte) point.x()};
        }
    }

    @ServerEndpoint(value = "/binary/decoded-stream", decoders = Coders.OfBinaryStream.class)
    public static class DecodedStream {
        @OnMessage
        public byte[] message(Point point) {
            return new byte[] {(byte) point.y(), (byte) point.x()};
        }
    }

    @ServerEndpoint("/binary/bytes-parts")
    public static class BytesParts {
        private final ByteArrayOutputStream whole = new ByteArrayOutputStream();

        @OnMessage
        public byte[] message(byte[] part, boolean last) {
            whole.writeBytes(part);
            return last ? whole.toByteArray() : null;
        }
    }

    @ServerEndpoint("/binary/buffer-parts")
    public static class BufferParts {
        private final ByteArrayOutputStream whole = new ByteArrayOutputStream();

        @OnMessage
        public ByteBuffer message(ByteBuffer part, boolean last) {
            whole.writeBytes(bytes(part));
            return last ? ByteBuffer.wrap(whole.toByteArray()) : null;
        }
    }

    /** Pings whoever says something, and tells of the answer. */
    @ServerEndpoint("/binary/pong")
    public static class Pong {
        @OnMessage
        public void message(String text, Session session) throws IOException {
            session.getBasicRemote().sendPing(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }

        @OnMessage
        public String pong(PongMessage pong) {
            return "pong " + new String(bytes(pong.getApplicationData()), StandardCharsets.UTF_8);
        }
    }

    /** Of each kind one. */
    @ServerEndpoint("/binary/beside-text")
    public static class BesideText {
        @OnMessage
        public String text(String text) {
            return "text " + text;
        }

        @OnMessage
        public String binary(byte[] bytes) {
            return "binary " + bytes.length;
        }
    }
}
