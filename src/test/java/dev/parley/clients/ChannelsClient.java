package dev.parley.clients;

import dev.parley.clients.ClientSocket.Received;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/** A client that speaks {@code v1.parley}: commands answered, and the messages that come meanwhile kept. */
public final class ChannelsClient implements AutoCloseable {
    private final ClientSocket peer;
    private final Deque<Heard> heard = new ArrayDeque<>();
    private final Deque<JsonObject> replies = new ArrayDeque<>();
    private int lastId;

    /**
     * A message that was pushed.
     *
     * @param bytes that came along; empty where they did not
     */
    public record Heard(JsonObject line, Optional<byte[]> bytes) {
        public String position() {
            return line.getString("position");
        }
    }

    public ChannelsClient(ClientSocket peer) {
        this.peer = peer;
    }

    public JsonObject connect(String name) throws Exception {
        return ask("connect", Json.createObjectBuilder().add("name", name));
    }

    public JsonObject subscribe(String channel) throws Exception {
        return ask("subscribe", Json.createObjectBuilder().add("channel", channel));
    }

    /** The position of the message. */
    public String publish(String channel, String text) throws Exception {
        JsonObjectBuilder data = Json.createObjectBuilder().add("text", text);
        return ask("publish", Json.createObjectBuilder().add("channel", channel).add("data", data))
                .getString("position");
    }

    /** The position of the message. */
    public String publishJson(String channel, String json) throws Exception {
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            return ask(
                            "publish",
                            Json.createObjectBuilder().add("channel", channel).add("data", reader.readValue()))
                    .getString("position");
        }
    }

    /** The position of the message. */
    public String publish(String channel, String type, byte[] bytes) throws Exception {
        JsonObjectBuilder publish =
                Json.createObjectBuilder().add("channel", channel).add("type", type);
        byte[] line = (command("publish", publish) + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] message = new byte[line.length + bytes.length];
        System.arraycopy(line, 0, message, 0, line.length);
        System.arraycopy(bytes, 0, message, line.length, bytes.length);
        peer.send(message);
        return reply("published").getString("position");
    }

    /** The next message of any channel. */
    public Heard hear() throws Exception {
        while (heard.isEmpty()) {
            take();
        }
        return heard.remove();
    }

    public ClientSocket peer() {
        return peer;
    }

    @Override
    public void close() throws IOException {
        peer.close();
    }

    private JsonObject ask(String command, JsonObjectBuilder body) throws Exception {
        peer.send(command(command, body).toString());
        return reply(
                switch (command) {
                    case "connect" -> "connected";
                    case "subscribe" -> "subscribed";
                    default -> "published";
                });
    }

    private JsonObject command(String command, JsonObjectBuilder body) {
        return Json.createObjectBuilder().add("id", ++lastId).add(command, body).build();
    }

    private JsonObject reply(String name) throws Exception {
        while (replies.isEmpty()) {
            take();
        }
        JsonObject reply = replies.remove();
        if (reply.getInt("id") != lastId || !reply.containsKey(name)) {
            throw new AssertionError("Not what was asked for: " + reply);
        }
        return reply.getJsonObject(name);
    }

    /** Replies and messages of channels are kept, in their order; joins and leaves are passed over. */
    private void take() throws Exception {
        Received received = peer.next();
        if (received instanceof Received.Binary binary) {
            note(binary.bytes());
            return;
        }
        for (String text : ((Received.Text) received).text().split("\n", -1)) {
            JsonObject line = read(text);
            if (line.containsKey("id")) {
                replies.add(line);
            } else if (line.containsKey("at")) {
                heard.add(new Heard(line, Optional.empty()));
            }
        }
    }

    private void note(byte[] message) {
        int end = 0;
        while (message[end] != '\n') {
            end++;
        }
        byte[] bytes = Arrays.copyOfRange(message, end + 1, message.length);
        heard.add(new Heard(read(new String(message, 0, end, StandardCharsets.UTF_8)), Optional.of(bytes)));
    }

    private static JsonObject read(String line) {
        try (JsonReader reader = Json.createReader(new StringReader(line))) {
            return reader.readObject();
        }
    }
}
