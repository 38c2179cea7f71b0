package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One that attacks a server in one way, over and over, until it is told to stop. */
final class Attacker {
    private static final int PAUSE_MILLIS = 100;
    private static final int AT_ONCE = 20;
    private static final byte[] OCTET = {'x'};
    private static final String POST = "POST /api/channels/others.a/messages HTTP/1.1\r\nHost: localhost\r\n";

    private final Way way;
    private final URI server;
    private final Thread thread;
    private final AtomicInteger connections = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> answers = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;
    private volatile RawWebSocketClient current;

    /** What one connection does; it is opened and closed by others. */
    @FunctionalInterface
    private interface Abuse {
        void of(Attacker attacker, RawWebSocketClient client) throws IOException;
    }

    /** Each a way of its own. */
    enum Way {
        SILENT((attacker, client) -> client.readAll()),
        DRIPPING_HEADER((attacker, client) -> attacker.drip(client, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Y: ")),
        ENDLESS_HEADER((attacker, client) -> attacker.flood(client, "GET / HTTP/1.1\r\n", "X: y\r\n".repeat(100))),
        DRIPPING_BODY((attacker, client) -> attacker.drip(client, POST + "Content-Length: 5000000\r\n\r\n")),
        DRIPPING_CHUNKS(
                (attacker, client) -> attacker.drip(client, POST + "Transfer-Encoding: chunked\r\n\r\nffff\r\n")),
        HUGE_BODY((attacker, client) -> attacker.ask(client, POST + "Content-Length: 999999999999\r\n\r\n")),
        DRIPPING_FRAME((attacker, client) -> {
            client.handshake("/echo");
            client.write(header(0x82, 5_000_000));
            attacker.drip(client, "");
        }),
        LARGE_FRAME_THAT_DOES_NOT_END((attacker, client) -> {
            client.handshake("/echo");
            client.write(header(0x82, 5_000_000));
            client.write(new byte[4_999_999]);
            client.next();
        }),
        HUGE_FRAME((attacker, client) -> {
            client.handshake("/channels");
            client.write(header(0x81, 1L << 62));
            client.next();
        }),
        NEVER_READING((attacker, client) -> {
            client.handshake("/echo");
            attacker.flood(client, RawWebSocketClient.frame(0x82, new byte[100_000]));
        }),
        NEVER_READING_A_CHANNEL((attacker, client) -> {
            client.handshake("/channels");
            client.send("{\"id\":1,\"subscribe\":{\"channel\":\"others.a\",\"history\":1000}}");
            attacker.drip(client, "");
        }),
        NEVER_READING_PAGES((attacker, client) ->
                attacker.flood(client, "", "GET /console/room.js HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(100))),
        ENDLESS_PINGS((attacker, client) -> {
            client.handshake("/channels");
            attacker.flood(client, RawWebSocketClient.frame(RawWebSocketClient.PING, new byte[125]));
        }),
        ENDLESS_FRAGMENTS((attacker, client) -> {
            client.handshake("/channels");
            client.write(RawWebSocketClient.frame(0x01, new byte[0]));
            attacker.flood(client, RawWebSocketClient.frame(0x00, new byte[0]));
        }),
        BAD_COMMANDS((attacker, client) -> {
            client.handshake("/channels");
            attacker.flood(
                    client,
                    RawWebSocketClient.frame(
                            RawWebSocketClient.TEXT, "{\"id\":1,\"publish\":".getBytes(StandardCharsets.UTF_8)));
        }),
        GARBAGE_FRAMES((attacker, client) -> {
            client.handshake("/echo");
            attacker.flood(client, garbage());
        }),
        GARBAGE((attacker, client) -> {
            client.write(garbage());
            attacker.answers.add(client.readAll());
        }),
        NOT_UTF8((attacker, client) -> {
            client.handshake("/echo");
            client.write(RawWebSocketClient.frame(RawWebSocketClient.TEXT, new byte[] {(byte) 0xff}));
            client.nextClose();
        }),
        H2C((attacker, client) -> attacker.ask(
                client,
                POST + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
                        + "Content-Length: 500\r\n\r\nhello")),
        SMUGGLING(
                (attacker, client) -> attacker.ask(
                        client,
                        POST
                                + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /WEB-INF/web.xml HTTP/1.1\r\n\r\n")),
        TRAVERSAL((attacker, client) -> attacker.ask(
                client,
                "GET /..%2f%2e%2e/%c0%ae%c0%ae/etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")),
        FOREIGN_ORIGIN((attacker, client) ->
                attacker.answers.add(client.handshake("/channels", "Origin: http://evil.example"))),
        FOREIGN_HOST((attacker, client) -> attacker.answers.add(client.handshake("/channels", "Host: evil.example"))),
        RESET((attacker, client) -> {
            client.handshake("/channels");
            client.send("{\"id\":1,\"subscribe\":{\"channel\":\"others.a\",\"history\":100}}");
            client.reset();
        });

        @SuppressWarnings("ImmutableEnumChecker") // none of them holds anything
        private final Abuse abuse;

        Way(Abuse abuse) {
            this.abuse = abuse;
        }
    }

    Attacker(Way way, URI server) {
        this.way = way;
        this.server = server;
        this.thread = new Thread(this::run, "attacker " + way);
        thread.setDaemon(true);
        thread.start();
    }

    Way way() {
        return way;
    }

    int connections() {
        return connections.get();
    }

    /** What the server has answered over HTTP. */
    List<String> answers() {
        return List.copyOf(answers);
    }

    /** Ends what it is about, though it may be waiting for the server. */
    void stop() throws IOException {
        stopping = true;
        RawWebSocketClient last = current;
        if (last != null) {
            last.close();
        }
    }

    void join() throws InterruptedException {
        thread.join(TestClient.PATIENCE.toMillis());
        assertThat(thread.isAlive()).as("%s goes on", way).isFalse();
    }

    private void run() {
        while (!stopping) {
            try (RawWebSocketClient client = RawWebSocketClient.open(server)) {
                current = client;
                if (stopping) {
                    return; // whoever said so may have looked for it too early
                }
                connections.incrementAndGet();
                way.abuse.of(this, client);
            } catch (IOException e) {
                // The server has ended it, as it should
            }
            pause();
        }
    }

    private void ask(RawWebSocketClient client, String request) throws IOException {
        client.write(request.getBytes(StandardCharsets.ISO_8859_1));
        answers.add(client.readAll());
    }

    private void drip(RawWebSocketClient client, String beginning) throws IOException {
        client.write(beginning.getBytes(StandardCharsets.ISO_8859_1));
        while (!stopping) {
            client.write(OCTET);
            pause();
        }
    }

    private void flood(RawWebSocketClient client, String beginning, String again) throws IOException {
        client.write(beginning.getBytes(StandardCharsets.ISO_8859_1));
        flood(client, again.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Writes, with a rest now and then: the machine is everybody's. */
    private void flood(RawWebSocketClient client, byte[] again) throws IOException {
        while (!stopping) {
            for (int i = 0; i < AT_ONCE; i++) {
                client.write(again);
            }
            pause();
        }
    }

    private static byte[] header(int first, long length) {
        byte[] header = new byte[14];
        header[0] = (byte) first;
        header[1] = (byte) 0xff;
        for (int i = 0; i < Long.BYTES; i++) {
            header[2 + i] = (byte) (length >>> (Long.SIZE - Byte.SIZE * (i + 1)));
        }
        return header;
    }

    private static byte[] garbage() {
        byte[] bytes = new byte[1_000];
        new Random().nextBytes(bytes);
        return bytes;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
