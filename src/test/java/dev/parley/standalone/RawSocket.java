package dev.parley.standalone;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that sends exactly the bytes it is told to. */
public final class RawSocket implements AutoCloseable {
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private final Socket socket;

    private RawSocket(Socket socket) {
        this.socket = socket;
    }

    public static RawSocket open(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(15_000);
        socket.setTcpNoDelay(true);
        return new RawSocket(socket);
    }

    /** One that never reads: the kernel takes no more for it than it must. */
    static RawSocket openDeaf(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(1);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new RawSocket(socket);
    }

    /** Sends lines, each ended as HTTP has it, and the empty line that ends a header. */
    static String ask(int port, String... lines) throws IOException {
        try (RawSocket socket = open(port)) {
            socket.send(String.join("\r\n", lines) + "\r\n\r\n");
            return socket.readAll();
        }
    }

    public RawSocket send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawSocket send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Becomes a WebSocket, with these header lines besides, and returns the answer's header. */
    public String handshake(String path, String... headers) throws IOException {
        String further = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + "\r\n" + further + "\r\n");
        return readHeader();
    }

    public String readHeader() throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        while (!header.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int octet = in.read();
            if (octet < 0) {
                break;
            }
            header.write(octet);
        }
        return header.toString(StandardCharsets.ISO_8859_1);
    }

    /** Of an answer that says its length. */
    public String readBody(String header) throws IOException {
        int length = Integer.parseInt(header.replaceFirst("(?s).*\r\nContent-Length: (\\d+)\r\n.*", "$1"));
        return new String(read(length), StandardCharsets.UTF_8);
    }

    /** Whether something has come that is not read yet. */
    boolean hasSome() throws IOException {
        return socket.getInputStream().available() > 0;
    }

    public byte[] read(int count) throws IOException {
        return socket.getInputStream().readNBytes(count);
    }

    /** All that comes until the server ends the connection. */
    public String readAll() throws IOException {
        return new String(readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    byte[] readAllBytes() throws IOException {
        return socket.getInputStream().readAllBytes();
    }

    /** A frame as a client sends it, masked with zeros. */
    public static byte[] frame(int first, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(first);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else if (payload.length < 65_536) {
            frame.write(0x80 | 126);
            frame.write(payload.length >>> 8);
            frame.write(payload.length);
        } else {
            frame.write(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                frame.write((int) ((long) payload.length >>> shift));
            }
        }
        frame.writeBytes(new byte[4]);
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    /** Gives up where nothing comes for so long. */
    public RawSocket patience(int milliseconds) throws IOException {
        socket.setSoTimeout(milliseconds);
        return this;
    }

    /** Says that it sends nothing more, and goes on reading. */
    public void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
