package dev.parley.e2e;

import dev.parley.protocol.Position;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A WebSocket client on a bare socket, which sends what it is told to and reads when it is told to. */
public final class RawWebSocketClient implements Closeable {
    public static final int TEXT = 0x81;
    public static final int CLOSE = 0x88;
    public static final int PING = 0x89;
    public static final int PONG = 0x8a;

    private static final int SMALL = 1_024;
    private static final int MASKED = 0x80;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;
    private static final int MASK_BYTES = 4;

    private final Socket socket;
    private final DataInputStream in;

    /** Its first byte says what it is. */
    public record Frame(int first, ByteBuffer payload) {
        public String text() {
            return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
        }

        /** Of the channel's messages in it. */
        public List<Position> positions(String channel) {
            return Pattern.compile("\"channel\":\"" + channel + "\",\"position\":\"([^\"]+)\",\"from\"")
                    .matcher(text())
                    .results()
                    .map(match -> Position.parse(match.group(1)).orElseThrow())
                    .toList();
        }

        /** Of a close frame. */
        public int code() {
            return payload.getShort(0);
        }

        /** Of a close frame. */
        public String reason() {
            return StandardCharsets.UTF_8
                    .decode(payload.duplicate().position(Short.BYTES))
                    .toString();
        }
    }

    private RawWebSocketClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** With a receive buffer as small as the operating system lets it be, so that little is on the way. */
    public static RawWebSocketClient open(URI server) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(SMALL);
        socket.setSoTimeout((int) TestClient.PATIENCE.toMillis());
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
        return new RawWebSocketClient(socket);
    }

    /** Asks for a WebSocket, with these header lines besides, and returns the answer's first line. */
    public String handshake(String path, String... headers) throws IOException {
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\n");
        if (String.join("\n", headers).indexOf("Host:") < 0) {
            request.append("Host: 127.0.0.1:").append(socket.getPort()).append("\r\n");
        }
        request.append("Connection: Upgrade\r\n")
                .append("Upgrade: websocket\r\n")
                .append("Sec-WebSocket-Version: 13\r\n")
                .append("Sec-WebSocket-Protocol: v1.parley\r\n")
                .append("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        String first = RawLines.next(in);
        String next = first;
        while (!next.isEmpty()) {
            next = RawLines.next(in);
        }
        return first;
    }

    public void send(String text) throws IOException {
        write(frame(TEXT, text.getBytes(StandardCharsets.UTF_8)));
    }

    public void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** As a request's line and headers are written. */
    public void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The first so many of them. */
    public void write(byte[] bytes, int count) throws IOException {
        socket.getOutputStream().write(bytes, 0, count);
        socket.getOutputStream().flush();
    }

    /** Says that it sends nothing more, and goes on reading. */
    public void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    /** All that comes until the server ends the connection. */
    public String readAll() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Goes without a word: what is on the way is lost. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Takes so many bytes, whatever they are; false when the server has ended the connection before. */
    public boolean read(int bytes) throws IOException {
        return in.readNBytes(bytes).length == bytes;
    }

    /** Waits, without reading, until it cannot be written to any more. */
    public boolean isEndedByServer() throws IOException {
        byte[] ping = frame(PONG, new byte[0]);
        try {
            while (true) {
                write(ping);
                TimeUnit.SECONDS.sleep(1);
            }
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** With a receive buffer as others have it. */
    public void readFaster() throws IOException {
        socket.setReceiveBufferSize(SMALL * SMALL);
    }

    /** The next frame; empty when the server has ended the connection. */
    public Optional<Frame> next() throws IOException {
        try {
            int first = in.read();
            if (first < 0) {
                return Optional.empty();
            }
            long length = in.readUnsignedByte();
            if (length == SHORT_LENGTH) {
                length = in.readUnsignedShort();
            } else if (length == LONG_LENGTH) {
                length = in.readLong();
            }
            byte[] payload = new byte[(int) length];
            in.readFully(payload);
            return Optional.of(new Frame(first, ByteBuffer.wrap(payload)));
        } catch (EOFException | java.net.SocketException e) {
            return Optional.empty();
        }
    }

    /** Reads on to a close frame; empty when none comes before the end. */
    public Optional<Frame> nextClose() throws IOException {
        Optional<Frame> frame = next();
        while (frame.isPresent() && frame.get().first() != CLOSE) {
            frame = next();
        }
        return frame;
    }

    /** A frame as a client sends it, masked with zeros. */
    public static byte[] frame(int first, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(first);
        if (payload.length < SHORT_LENGTH) {
            frame.write(MASKED | payload.length);
        } else if (payload.length <= 0xffff) {
            frame.write(MASKED | SHORT_LENGTH);
            frame.write(payload.length >>> Byte.SIZE);
            frame.write(payload.length);
        } else {
            frame.write(MASKED | LONG_LENGTH);
            for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
                frame.write((int) ((long) payload.length >>> shift));
            }
        }
        frame.writeBytes(new byte[MASK_BYTES]);
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
