package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.SelfSigned;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The memory that bytes are read into is used again at once: nobody's bytes come to anybody else, whatever the pieces. */
@Timeout(120)
class OwnBytesTest {
    private static final int ROUNDS = 12;
    private static final String PASSWORD = "changeit";
    private static final Pattern POSITION = Pattern.compile("\"position\":\"([^\"]+)\"");

    @TempDir
    private static Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void what_comes_back_is_what_was_sent(boolean tls) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "parley.port", "0",
                "parley.data", folder.resolve("data" + tls).toString(),
                "parley.limits.publish-bytes-per-second", "0"));
        if (tls) {
            Path store = folder.resolve("server.p12");
            SelfSigned.create(store, PASSWORD, "one", "one", "EC");
            settings.put("parley.tls.keystore", store.toString());
            settings.put(
                    "parley.tls.password-file",
                    Files.writeString(folder.resolve("password"), PASSWORD).toString());
        }
        ExecutorService clients = Executors.newCachedThreadPool();
        try (StandaloneServer server = StandaloneServer.start(settings)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int seed = i;
                all.add(clients.submit(task(() -> echo(server, seed))));
                all.add(clients.submit(task(() -> publish(server, seed))));
                if (!tls) {
                    all.add(clients.submit(task(() -> pipeline(server, seed))));
                }
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            clients.shutdownNow();
        }
    }

    private interface Task {
        void run() throws Exception;
    }

    private static Callable<Void> task(Task task) {
        return () -> {
            task.run();
            return null;
        };
    }

    private static void echo(StandaloneServer server, int seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        RecordingWebSocket socket = new RecordingWebSocket(client(), server.webSocket("/echo"));
        for (int i = 0; i < ROUNDS; i++) {
            String large = text("echo", seed, i, random);
            for (int from = 0; from < large.length(); ) {
                int to = Math.min(large.length(), from + 1 + random.nextInt(100_000));
                socket.socket
                        .sendText(large.substring(from, to), to == large.length())
                        .join();
                from = to;
            }
            assertThat(same(socket.next(), large)).isTrue();
        }
    }

    private static void publish(StandaloneServer server, int seed) throws Exception {
        SplittableRandom random = new SplittableRandom(100 + seed);
        HttpClient client = client();
        for (int i = 0; i < ROUNDS; i++) {
            String large = text("http", seed, i, random);
            HttpRequest post = HttpRequest.newBuilder(server.uri().resolve("api/channels/h" + seed + "/messages"))
                    .header("Content-Type", "text/plain")
                    .POST(HttpRequest.BodyPublishers.ofString(large))
                    .build();
            HttpResponse<String> answer = client.send(post, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            assertStored(server, client, "h" + seed, position(answer.body()), large);
        }
    }

    /**
     * A large one, and a small one right behind it in the same piece; where the answer to the first ends the connection,
     * the second is asked again on another, as RFC 9112 section 9.3.2 has it.
     */
    private static void pipeline(StandaloneServer server, int seed) throws Exception {
        SplittableRandom random = new SplittableRandom(200 + seed);
        HttpClient client = client();
        for (int i = 0; i < ROUNDS; i++) {
            List<String> sent = new ArrayList<>(List.of(text("pipe", seed, i, random), "small-" + seed + "-" + i));
            while (!sent.isEmpty()) {
                try (RawSocket socket = RawSocket.open(server.port())) {
                    String all =
                            sent.stream().map(body -> post("p" + seed, body)).collect(Collectors.joining());
                    byte[] bytes = all.getBytes(StandardCharsets.ISO_8859_1);
                    for (int from = 0; from < bytes.length; ) {
                        int to = Math.min(bytes.length, from + 1 + random.nextInt(150_000));
                        socket.send(Arrays.copyOfRange(bytes, from, to));
                        from = to;
                    }
                    boolean isOpen = true;
                    while (isOpen && !sent.isEmpty()) {
                        isOpen = assertPublished(server, client, "p" + seed, socket, sent.remove(0));
                    }
                }
            }
        }
    }

    /** Returns whether the connection stays. */
    private static boolean assertPublished(
            StandaloneServer server, HttpClient client, String channel, RawSocket socket, String sent)
            throws IOException, InterruptedException {
        String header = socket.readHeader();
        String body = socket.readBody(header);
        assertThat(header).as(body).startsWith("HTTP/1.1 201 ");
        assertStored(server, client, channel, position(body), sent);
        return !header.contains("\r\nConnection: close\r\n");
    }

    private static String post(String channel, String body) {
        return "POST /api/channels/" + channel + "/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static void assertStored(
            StandaloneServer server, HttpClient client, String channel, String position, String sent)
            throws IOException, InterruptedException {
        URI content = server.uri().resolve("api/channels/" + channel + "/messages/" + position + "/content");
        String body = client.send(
                        HttpRequest.newBuilder(content).build(),
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1))
                .body();
        assertThat(same(body, sent)).isTrue();
    }

    private static String position(String body) {
        Matcher matcher = POSITION.matcher(body);
        assertThat(matcher.find()).as(body).isTrue();
        return matcher.group(1);
    }

    private static boolean same(Object one, String other) {
        return other.equals(one);
    }

    private static String text(String kind, int seed, int round, SplittableRandom random) {
        String name = kind + "-" + seed + "-" + round + ";";
        int size = random.nextInt(3) == 0 ? 1 + random.nextInt(2_000) : 60_000 + random.nextInt(300_000);
        return name.repeat(1 + size / name.length());
    }

    private static HttpClient client() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAll()}, null);
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context)
                .build();
    }

    private static final class TrustsAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
