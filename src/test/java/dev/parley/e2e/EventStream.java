package dev.parley.e2e;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A client that asks on a bare socket, and reads the answer, when it wants to: a stream of events, chunked or not. */
public final class EventStream implements Closeable {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final int SMALL = 1_024;
    private static final int RADIX = 16;

    private final Socket socket;
    private final InputStream in;
    private boolean chunked;
    private int chunk;

    /** Of a block: what it names, the data, and the id, each perhaps not there; and comments. */
    public record Event(Optional<String> name, Optional<String> data, Optional<String> id, List<String> comments) {}

    private EventStream(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), SMALL); // it reads an octet at a time
    }

    /** With a receive buffer as small as it can be: little is on the way. */
    public static EventStream connect(URI server) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(SMALL);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
        return new EventStream(socket);
    }

    /** Opens and reads the answer's head. */
    public static EventStream open(URI server, String path, String... headers) throws IOException {
        EventStream stream = connect(server);
        stream.ask(server, "GET " + path + " HTTP/1.1", headers);
        String head = stream.head();
        if (!head.startsWith("HTTP/1.1 200 ")) {
            throw new IOException(head);
        }
        return stream;
    }

    public EventStream ask(URI server, String first, String... headers) throws IOException {
        StringBuilder request = new StringBuilder(first).append("\r\nHost: 127.0.0.1:" + server.getPort() + "\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        return send(request.append("\r\n").toString());
    }

    public EventStream send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /** The head of the next answer, with the empty line. */
    public String head() throws IOException {
        StringBuilder head = new StringBuilder();
        String line = RawLines.next(in);
        while (!line.isEmpty()) {
            head.append(line).append('\n');
            line = RawLines.next(in);
        }
        chunked = head.toString().toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked");
        chunk = 0;
        return head.append('\n').toString();
    }

    /** The body of an answer that says its length. */
    public String body(String head) throws IOException {
        String lower = head.toLowerCase(Locale.ROOT);
        int at = lower.indexOf("content-length: ") + "content-length: ".length();
        int length =
                Integer.parseInt(lower.substring(at, lower.indexOf('\n', at)).strip());
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    /** The next block; empty at the end. */
    public Optional<Event> next() throws IOException {
        String name = null;
        String data = null;
        String id = null;
        List<String> comments = new ArrayList<>();
        for (Optional<String> line = line(); line.isPresent(); line = line()) {
            String text = line.get();
            if (text.isEmpty()) {
                return Optional.of(new Event(
                        Optional.ofNullable(name), Optional.ofNullable(data), Optional.ofNullable(id), comments));
            } else if (text.startsWith(":")) {
                comments.add(text);
            } else if (text.startsWith("event: ")) {
                name = text.substring("event: ".length());
            } else if (text.startsWith("data: ")) {
                data = text.substring("data: ".length());
            } else if (text.startsWith("id: ")) {
                id = text.substring("id: ".length());
            }
        }
        return Optional.empty();
    }

    /** The next block that has data; empty at the end. */
    public Optional<Event> nextData() throws IOException {
        Optional<Event> event = next();
        while (event.isPresent() && event.get().data().isEmpty()) {
            event = next();
        }
        return event;
    }

    /** All that comes until the server ends the connection. */
    public String readAll() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** How many bytes come yet, until the server ends or cuts the connection. */
    public long countUntilCut() throws IOException {
        long count = 0;
        try {
            while (in.read() >= 0) {
                count++;
            }
        } catch (SocketException e) {
            // cut, and not ended
        }
        return count;
    }

    /** Whether the server has ended the connection. */
    public boolean hasEnded() throws IOException {
        return in.read() < 0;
    }

    /** Says that it sends nothing more, and goes on reading. */
    public void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    /** Goes without a word. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** With a receive buffer as others have it. */
    public void readFaster() throws IOException {
        socket.setReceiveBufferSize(SMALL * SMALL);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private Optional<String> line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int octet = octet();
        while (octet >= 0 && octet != '\n') {
            line.write(octet);
            octet = octet();
        }
        return octet < 0 ? Optional.empty() : Optional.of(line.toString(StandardCharsets.UTF_8));
    }

    private int octet() throws IOException {
        if (!chunked) {
            return in.read();
        }
        if (chunk == 0) {
            String size = RawLines.next(in);
            chunk = size.isEmpty() ? 0 : Integer.parseInt(size, RADIX);
            if (chunk == 0) {
                return -1;
            }
        }
        int octet = in.read();
        if (--chunk == 0) {
            RawLines.next(in);
        }
        return octet;
    }
}
