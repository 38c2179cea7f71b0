package dev.parley.browser;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client that sends a proxy exactly what it is told to. It has an address of its own, 127.0.0.2, since 127.0.0.1 is the
 * proxy's for the server.
 */
final class ProxyClient implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n");
    private static final int ADDRESS = 2;
    private static final int PATIENCE_MILLIS = 15_000;

    private final Socket socket;

    private ProxyClient(Socket socket) {
        this.socket = socket;
    }

    static ProxyClient open(int port) throws IOException {
        return openFrom(ADDRESS, port);
    }

    /** @param last the last number of its address */
    static ProxyClient openFrom(int last, int port) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last}), 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        return new ProxyClient(socket);
    }

    /**
     * Sends a request on a connection of its own, and gives all of the answer.
     *
     * @param first its first line, without the version
     * @param headers besides {@code Host} and {@code Connection}
     */
    static String ask(int port, String first, String... headers) throws IOException {
        try (ProxyClient client = open(port)) {
            String further = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            return client.send(first + " HTTP/1.1\r\nHost: localhost:" + port + "\r\nConnection: close\r\n" + further
                            + "\r\n")
                    .readAll();
        }
    }

    static int status(String answer) {
        return answer.startsWith("HTTP/1.") ? Integer.parseInt(answer.substring(9, 12)) : -1;
    }

    ProxyClient send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** Asks to become a WebSocket, and gives the status of the answer. */
    int handshake(String path, String... headers) throws IOException {
        String further = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        send("GET " + path + " HTTP/1.1\r\nHost: localhost:" + socket.getPort()
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + further + "\r\n");
        return status(readHead());
    }

    String readHead() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int octet = socket.getInputStream().read();
            if (octet < 0) {
                break;
            }
            head.write(octet);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** Sends a request, and gives the whole of its answer, which says how long it is, and no more. */
    String exchange(String request) throws IOException {
        String head = send(request).readHead();
        Matcher length = LENGTH.matcher(head);
        byte[] body =
                length.find() ? socket.getInputStream().readNBytes(Integer.parseInt(length.group(1))) : new byte[0];
        return head + new String(body, StandardCharsets.ISO_8859_1);
    }

    String readAll() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
