package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One that has a server keep as much as it can, in one way, over and over, until it is told to stop; all within what a
 * client may do by the default limits.
 */
final class Hoarder {
    private static final int LARGE = 5 * 1024 * 1024;
    private static final int BODY = LARGE - 1_024;
    private static final int PAUSE_MILLIS = 1_000;
    private static final byte[] ZEROS = new byte[LARGE];
    private static final byte[] TEXT = "x".repeat(LARGE).getBytes(StandardCharsets.US_ASCII);
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final Way way;
    private final URI server;
    private final Thread thread;
    private final AtomicInteger rounds = new AtomicInteger();
    private final long number = NUMBERS.incrementAndGet();
    private volatile boolean stopping;
    private volatile RawWebSocketClient current;

    @FunctionalInterface
    private interface Hoarding {
        void of(Hoarder hoarder, RawWebSocketClient client) throws IOException;
    }

    /** Each a way of its own. */
    enum Way {
        /** All of the largest message but its last byte. */
        UNFINISHED_MESSAGE((hoarder, client) -> {
            client.handshake("/echo");
            client.write(header(0x82, LARGE));
            client.write(ZEROS, LARGE - 1);
            client.nextClose();
        }),
        UNFINISHED_FRAGMENTS((hoarder, client) -> {
            client.handshake("/channels");
            client.write(header(0x01, LARGE - 1));
            client.write(TEXT, LARGE - 1);
            client.nextClose();
        }),
        UNFINISHED_BODY((hoarder, client) -> {
            client.write(hoarder.post("Content-Length: " + LARGE));
            client.write(TEXT, LARGE - 1);
            client.readAll();
        }),
        /** Messages of the largest size, each to a channel of its own. */
        LARGE_JSON((hoarder, client) -> {
            client.handshake("/channels");
            hoarder.publishLarge(client, "hoard.json-" + hoarder.number + "-" + hoarder.rounds);
            client.nextClose();
        }),
        LARGE_CONTENT((hoarder, client) -> {
            client.handshake("/channels");
            byte[] command = ("{\"id\":1,\"publish\":{\"channel\":\"hoard.bytes-" + hoarder.number
                            + "\",\"type\":\"application/octet-stream\"}}\n")
                    .getBytes(StandardCharsets.US_ASCII);
            client.write(header(0x82, command.length + (long) BODY));
            client.write(command);
            client.write(ZEROS, BODY);
            client.nextClose();
        }),
        LARGE_KEYED_AND_TRANSIENT((hoarder, client) -> {
            client.handshake("/channels");
            hoarder.publishLarge(client, "typing.hoard-" + hoarder.number % 10);
            client.nextClose();
        }),
        /** Large messages with nobody who takes them. */
        LARGE_HISTORY_UNREAD((hoarder, client) -> {
            client.handshake("/channels");
            client.send("{\"id\":1,\"subscribe\":{\"channel\":\"typing.hoard-" + hoarder.number % 10
                    + "\",\"history\":1000}}");
            hoarder.drip(client);
        }),
        REPLIES_UNREAD((hoarder, client) -> {
            client.handshake("/channels");
            client.send("{\"id\":1,\"subscribe\":{\"channel\":\"others.a\"}}");
            for (int i = 0; i < 20 && !hoarder.stopping; i++) {
                client.send("{\"id\":1,\"history\":{\"channel\":\"others.a\",\"limit\":100}}\n".repeat(100));
            }
            hoarder.drip(client);
        }),
        ENDLESS_SUBSCRIBE((hoarder, client) -> {
            client.handshake("/channels");
            String start = "{\"channel\":\"s" + hoarder.number + "\"},";
            client.send(
                    "{\"id\":1,\"subscribe\":[" + start.repeat(LARGE / start.length() - 10) + "{\"channel\":\"t\"}]}");
            client.nextClose();
        }),
        INVENTED_NAMES((hoarder, client) -> {
            for (int i = 0; i < 50 && !hoarder.stopping; i++) {
                client.write("GET /api/messages?channel=u" + hoarder.number + "-" + hoarder.rounds + "-" + i
                        + "&wait=60 HTTP/1.1\r\nHost: localhost\r\nParley-Connection: invented-" + hoarder.number + "-"
                        + i + "\r\n\r\n");
            }
            client.readAll();
        }),
        UNKNOWN_CHANNELS((hoarder, client) -> {
            client.handshake("/channels");
            for (int i = 0; i < 250 && !hoarder.stopping; i++) {
                client.send("{\"id\":1,\"subscribe\":{\"channel\":\"v" + hoarder.number + "-" + hoarder.rounds + "-" + i
                        + "\"}}");
            }
            hoarder.drip(client);
        }),
        CONTENT_UNREAD((hoarder, client) -> {
            client.write("GET /api/channels/hoard.bytes-" + hoarder.number + "/messages?history=50 HTTP/1.1\r\n"
                    + "Host: localhost\r\n\r\n");
            client.write("GET /api/channels/typing.hoard-" + hoarder.number % 10 + "/messages?history=50 HTTP/1.1\r\n"
                    + "Host: localhost\r\n\r\n");
            hoarder.sleep(20 * PAUSE_MILLIS);
        }),
        STREAM_UNREAD((hoarder, client) -> {
            client.write("GET /api/events?channel=typing.hoard-" + hoarder.number % 10
                    + "&channel=others.a&history=100 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            hoarder.sleep(20 * PAUSE_MILLIS);
        });

        @SuppressWarnings("ImmutableEnumChecker") // none of them holds anything
        private final Hoarding hoarding;

        Way(Hoarding hoarding) {
            this.hoarding = hoarding;
        }
    }

    Hoarder(Way way, URI server) {
        this.way = way;
        this.server = server;
        this.thread = new Thread(null, this::run, "hoarder " + way, 256 * 1024L);
        thread.setDaemon(true);
        thread.start();
    }

    int rounds() {
        return rounds.get();
    }

    /** Ends what it is about, though it may be waiting for the server. */
    void stop() throws IOException {
        stopping = true;
        thread.interrupt();
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
                rounds.incrementAndGet();
                way.hoarding.of(this, client);
            } catch (IOException e) {
                // The server has ended it, as it may
            }
            sleep(PAUSE_MILLIS);
        }
    }

    private void publishLarge(RawWebSocketClient client, String channel) throws IOException {
        byte[] before = ("{\"id\":1,\"publish\":{\"channel\":\"" + channel + "\",\"key\":\"k" + number + "-" + rounds
                        + "\",\"data\":\"")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] after = "\"}}".getBytes(StandardCharsets.US_ASCII);
        client.write(header(0x81, before.length + (long) BODY + after.length));
        client.write(before);
        client.write(TEXT, BODY);
        client.write(after);
    }

    private String post(String header) {
        return "POST /api/channels/hoard.body-" + number + "/messages HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/octet-stream\r\n" + header + "\r\n\r\n";
    }

    /** Stays, and reads nothing. */
    private void drip(RawWebSocketClient client) throws IOException {
        for (int i = 0; i < 20 && !stopping; i++) {
            client.write(RawWebSocketClient.frame(RawWebSocketClient.PONG, new byte[0]));
            sleep(PAUSE_MILLIS);
        }
    }

    private void sleep(int milliseconds) {
        try {
            if (!stopping) {
                TimeUnit.MILLISECONDS.sleep(milliseconds);
            }
        } catch (InterruptedException e) {
            stopping = true;
        }
    }

    /** Of a frame that is masked with zeros. */
    private static byte[] header(int first, long length) {
        byte[] header = new byte[14];
        header[0] = (byte) first;
        header[1] = (byte) 0xff;
        for (int i = 0; i < Long.BYTES; i++) {
            header[2 + i] = (byte) (length >>> (Long.SIZE - Byte.SIZE * (i + 1)));
        }
        return header;
    }
}
