package dev.parley.e2e;

import dev.parley.protocol.Position;
import dev.parley.protocol.Start;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The transports over which a client can hold the same conversation. */
enum TransportKind {
    WEBSOCKET,
    SSE,
    LONG_POLLING,
    POLLING;

    /** Wherever it says so in a test's name, with a dash, as design.md has it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Somebody new. */
    Client open(URI server) throws Exception {
        return this == WEBSOCKET ? new OverWebSocket(server) : new OverHttp(this, server);
    }

    /** What went wrong, where it is the server that says so. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final int code;
        private final String name;

        Refused(int code, String name) {
            super(code + " " + name);
            this.code = code;
            this.name = name;
        }

        int code() {
            return code;
        }

        String name() {
            return name;
        }
    }

    /** A client, whatever the kind. */
    interface Client extends AutoCloseable {
        String user();

        Position publish(String channel, Optional<String> key, String json) throws Exception;

        Position publish(String channel, String type, byte[] bytes) throws Exception;

        /** Reads on for as long as the client lives; gives what the server says of the cursor. */
        JsonObject read(Start start, boolean presence) throws Exception;

        /** What was pushed, in order. */
        BlockingQueue<JsonObject> pushes();

        JsonObject history(String channel, Optional<Position> before, int limit) throws Exception;

        JsonObject presence(String channel) throws Exception;

        @Override
        void close();

        default JsonObject next() throws InterruptedException {
            JsonObject push = pushes().poll(TestClient.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (push == null) {
                throw new IllegalStateException("nothing was pushed");
            }
            return push;
        }

        /** The next with this member; what comes before is passed over. */
        default JsonObject next(String member) throws InterruptedException {
            JsonObject push = next();
            while (!push.containsKey(member)) {
                push = next();
            }
            return push;
        }
    }

    private static final class OverWebSocket implements Client {
        private final BlockingQueue<JsonObject> pushes = new LinkedBlockingQueue<>();
        private final TestClient client;
        private final HttpApiClient asker;
        private final String user;

        OverWebSocket(URI server) {
            client = TestClient.open(server, pushes::add);
            JsonObject connected = client.reply("connect", "{}").getJsonObject("connected");
            user = connected.getString("user");
            asker = HttpApiClient.of(server, "Parley-Connection", connected.getString("secret"));
        }

        @Override
        public String user() {
            return user;
        }

        @Override
        public Position publish(String channel, Optional<String> key, String json) throws Refused {
            String named = key.map(text -> "\"key\":\"" + text + "\",").orElse("");
            JsonObject reply =
                    ask("publish", "{\"channel\":\"" + channel + "\"," + named + "\"data\":" + json + "}", "published");
            return TestClient.position(reply);
        }

        /** Large ones go by HTTP whatever the kind. */
        @Override
        public Position publish(String channel, String type, byte[] bytes) throws Exception {
            return OverHttp.position(asker.post(channel, type, bytes));
        }

        @Override
        public JsonObject read(Start start, boolean presence) throws Refused {
            String from = start.after()
                    .map(position -> ",\"after\":\"" + position + "\"")
                    .orElse(
                            start.history().isPresent()
                                    ? ",\"history\":" + start.history().getAsInt()
                                    : "");
            return ask("subscribe", "{\"channel\":\"" + start.channel() + "\"" + from + "}", "subscribed");
        }

        @Override
        public BlockingQueue<JsonObject> pushes() {
            return pushes;
        }

        @Override
        public JsonObject history(String channel, Optional<Position> before, int limit) throws Refused {
            String end =
                    before.map(position -> ",\"before\":\"" + position + "\"").orElse("");
            return ask("history", "{\"channel\":\"" + channel + "\"" + end + ",\"limit\":" + limit + "}", "history");
        }

        @Override
        public JsonObject presence(String channel) throws Refused {
            return ask("presence", "{\"channel\":\"" + channel + "\"}", "presence");
        }

        private JsonObject ask(String command, String body, String answer) throws Refused {
            JsonObject reply = client.reply(command, body);
            if (reply.containsKey("error")) {
                throw new Refused(
                        reply.getJsonObject("error").getInt("code"),
                        reply.getJsonObject("error").getString("name"));
            }
            return reply.getJsonObject(answer);
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private static final class OverHttp implements Client {
        private static final Duration PAUSE = Duration.ofMillis(50);

        private final BlockingQueue<JsonObject> pushes = new LinkedBlockingQueue<>();
        private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
        private final TransportKind kind;
        private final URI server;
        private final HttpApiClient asker;
        private final String user;
        private volatile boolean closed;

        OverHttp(TransportKind kind, URI server) throws Exception {
            this.kind = kind;
            this.server = server;
            this.asker = HttpApiClient.of(server).connected();
            this.user = HttpApiClient.json(asker.get("connection")).getString("user");
        }

        @Override
        public String user() {
            return user;
        }

        @Override
        public Position publish(String channel, Optional<String> key, String json) throws Exception {
            return position(
                    key.isPresent()
                            ? asker.say(channel, json, "Idempotency-Key", key.get())
                            : asker.say(channel, json));
        }

        @Override
        public Position publish(String channel, String type, byte[] bytes) throws Exception {
            return position(asker.post(channel, type, bytes));
        }

        static Position position(HttpResponse<String> answer) throws Refused {
            return TestClient.position(answered(answer));
        }

        private static JsonObject answered(HttpResponse<String> answer) throws Refused {
            JsonObject body = HttpApiClient.json(answer);
            if (answer.statusCode() >= 400) {
                throw new Refused(answer.statusCode(), body.getString("name"));
            }
            return body;
        }

        @Override
        public JsonObject read(Start start, boolean presence) throws Exception {
            String query = "?channel=" + start.channel() + "&presence=" + presence
                    + start.after().map(position -> "&after=" + position).orElse("")
                    + (start.history().isPresent()
                            ? "&history=" + start.history().getAsInt()
                            : "");
            return kind == SSE ? stream(query) : poll(start.channel(), query, presence);
        }

        private JsonObject stream(String query) throws Exception {
            EventStream stream = EventStream.connect(server);
            streams.add(stream);
            stream.ask(server, "GET /api/events" + query + " HTTP/1.1", "Parley-Connection", asker.header());
            String head = stream.head();
            if (!head.startsWith("HTTP/1.1 200 ")) {
                JsonObject problem = HttpApiClient.json(stream.body(head));
                throw new Refused(problem.getInt("status"), problem.getString("name"));
            }
            stream.readFaster();
            JsonObject subscribed =
                    HttpApiClient.json(stream.nextData().orElseThrow().data().orElseThrow());
            start(() -> {
                Optional<EventStream.Event> event = stream.nextData();
                while (event.isPresent()) {
                    pushes.add(HttpApiClient.json(event.get().data().orElseThrow()));
                    event = stream.nextData();
                }
            });
            return subscribed.getJsonArray("channels").getJsonObject(0);
        }

        private JsonObject poll(String channel, String query, boolean presence) throws Exception {
            JsonObject first = answered(asker.get("messages" + query));
            first.getJsonArray("messages").forEach(push -> pushes.add(push.asJsonObject()));
            start(() -> {
                String position = first.getString("position");
                while (!closed) {
                    JsonObject read = answered(asker.get("messages?channel=" + channel + "&presence=" + presence
                            + "&wait=" + (kind == LONG_POLLING ? 5 : 0) + "&after=" + position));
                    read.getJsonArray("messages").forEach(push -> pushes.add(push.asJsonObject()));
                    position = read.getString("position");
                    if (kind == POLLING && read.getJsonArray("messages").isEmpty()) {
                        Thread.sleep(PAUSE.toMillis());
                    }
                }
            });
            return first.getJsonArray("channels").getJsonObject(0);
        }

        private interface Reading {
            void go() throws Exception;
        }

        private void start(Reading reading) {
            Thread thread = new Thread(
                    () -> {
                        try {
                            reading.go();
                        } catch (Exception e) {
                            if (!closed) {
                                throw new IllegalStateException(e);
                            }
                        }
                    },
                    "reader-" + kind);
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public BlockingQueue<JsonObject> pushes() {
            return pushes;
        }

        @Override
        public JsonObject history(String channel, Optional<Position> before, int limit) throws Exception {
            return answered(asker.get("channels/" + channel + "/messages?before="
                    + before.map(Position::toString).orElse("") + "&limit=" + limit));
        }

        @Override
        public JsonObject presence(String channel) throws Exception {
            return answered(asker.get("channels/" + channel + "/presence"));
        }

        @Override
        public void close() {
            closed = true;
            try {
                for (EventStream stream : streams) {
                    stream.close();
                }
                asker.ask("DELETE", "connection");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Of a message over 64 KB, for those who want to see it mentioned. */
    static byte[] bytes(int size) {
        return "b".repeat(size).getBytes(StandardCharsets.US_ASCII);
    }

    /** All offsets of a list of pushes. */
    static List<Long> offsets(List<JsonObject> pushes) {
        return pushes.stream().map(push -> TestClient.position(push).offset()).toList();
    }
}
