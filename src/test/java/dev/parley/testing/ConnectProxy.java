package dev.parley.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * A proxy that lets nobody through without a login (RFC 9110 sections 9.3.6 and 11.7): {@code CONNECT} opens a tunnel, and a
 * request for an {@code http} address is passed on.
 */
public final class ConnectProxy implements AutoCloseable {
    private static final String REFUSAL = String.join(
            "\r\n",
            "HTTP/1.1 407 Proxy Authentication Required",
            "Proxy-Authenticate: Basic realm=\"test\"",
            "Content-Length: 0",
            "Connection: close",
            "",
            "");

    private final ServerSocket listening;
    private final String login;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<String> passed = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();

    private ConnectProxy(ServerSocket listening, String login) {
        this.listening = listening;
        this.login = login;
    }

    public static ConnectProxy start(String user, String password) throws IOException {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        ConnectProxy proxy = new ConnectProxy(
                new ServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                "Basic " + Base64.getEncoder().encodeToString(pair));
        thread(proxy::accept);
        return proxy;
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** What was asked with the login: a method and an address each. */
    public List<String> passed() {
        return List.copyOf(passed);
    }

    /** What was asked without it, or with another. */
    public List<String> refused() {
        return List.copyOf(refused);
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() throws IOException {
        while (!listening.isClosed()) {
            Socket client = listening.accept();
            sockets.add(client);
            thread(() -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        String head = head(client.getInputStream());
        String[] first = head.split("\r\n", 2)[0].split(" ", -1);
        String asked = first[0] + " " + first[1];
        if (!head.contains("\r\nProxy-Authorization: " + login + "\r\n")) {
            refused.add(asked);
            client.getOutputStream().write(REFUSAL.getBytes(StandardCharsets.ISO_8859_1));
            client.close();
            return;
        }
        passed.add(asked);
        boolean tunnel = first[0].equals("CONNECT");
        URI to = URI.create(tunnel ? "http://" + first[1] : first[1]);
        Socket server = new Socket();
        sockets.add(server);
        server.connect(new InetSocketAddress(to.getHost(), to.getPort()));
        if (tunnel) {
            client.getOutputStream()
                    .write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        } else {
            server.getOutputStream().write(passedOn(head, to).getBytes(StandardCharsets.ISO_8859_1));
        }
        thread(() -> pump(client, server));
        pump(server, client);
    }

    private static String passedOn(String head, URI to) {
        String[] lines = head.split("\r\n", -1);
        String first = lines[0].split(" ", -1)[0] + " " + to.getRawPath() + " HTTP/1.1\r\nConnection: close\r\n";
        return Arrays.stream(lines)
                .skip(1)
                .filter(line -> !line.isEmpty())
                .filter(line ->
                        !line.toLowerCase(Locale.ROOT).matches("(?:proxy-.*|connection|upgrade|http2-settings):.*"))
                .collect(Collectors.joining("\r\n", first, "\r\n\r\n"));
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("The client has ended before it has asked.");
            }
            head.write(octet);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static void pump(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            OutputStream out = to.getOutputStream();
            from.getInputStream().transferTo(out);
        }
    }

    private interface Serving {
        void run() throws IOException;
    }

    private static void thread(Serving serving) {
        Thread thread = new Thread(() -> {
            try {
                serving.run();
            } catch (IOException e) {
                // It is closed, by whom it may be
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
