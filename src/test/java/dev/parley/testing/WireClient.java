package dev.parley.testing;

import dev.parley.api.Credentials;
import dev.parley.channel.Encoded;
import dev.parley.connection.CommandPipeline;
import dev.parley.connection.Connections;
import dev.parley.protocol.Position;
import dev.parley.wire.CommandReader;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReaderFactory;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A client that speaks the wire over a {@link ScriptedTransport}: what it was sent, line by line, as JSON. */
public final class WireClient {
    private static final JsonReaderFactory READERS = Json.createReaderFactory(Map.of());

    private final ScriptedTransport transport = new ScriptedTransport();
    private final List<JsonObject> lines = new ArrayList<>();
    private final CommandPipeline pipeline;

    public WireClient(Connections connections) {
        this(connections, Credentials.NONE);
    }

    public WireClient(Connections connections, Credentials shown) {
        pipeline = connections.converse(transport, shown);
    }

    public ScriptedTransport transport() {
        return transport;
    }

    public CommandPipeline conversation() {
        return pipeline;
    }

    /** All lines in one message. */
    public void send(String... commands) {
        pipeline.receive(CommandReader.read(String.join("\n", commands)));
    }

    public void subscribe(int id, String channel, String start) {
        send("{\"id\":" + id + ",\"subscribe\":{\"channel\":\"" + channel + "\"" + start + "}}");
    }

    public void publish(int id, String channel, String data) {
        send("{\"id\":" + id + ",\"publish\":{\"channel\":\"" + channel + "\",\"data\":" + data + "}}");
    }

    /** The client's end breaks. */
    public void drop() {
        pipeline.connection().transportClosed();
    }

    /** Every line so far, replies and pushes, in the order in which they came. */
    public synchronized List<JsonObject> lines() {
        for (Encoded piece : transport.take()) {
            if (piece instanceof Encoded.Text text) {
                text.text().lines().forEach(line -> lines.add(json(line)));
            } else if (piece instanceof Encoded.Binary binary) {
                String all = new String(binary.bytes().toArray(), StandardCharsets.ISO_8859_1);
                lines.add(json(all.substring(0, all.indexOf('\n'))));
            }
        }
        return List.copyOf(lines);
    }

    /** The answer to a command; fails when there is none or more than one. */
    public JsonObject reply(int id) {
        List<JsonObject> found = matching(line -> line.getInt("id", -1) == id);
        if (found.size() != 1) {
            throw new AssertionError("not one reply to " + id + ": " + found);
        }
        return found.get(0);
    }

    public boolean isAnswered(int id) {
        return !matching(line -> line.getInt("id", -1) == id).isEmpty();
    }

    /** The name of the error that answers a command. */
    public String error(int id) {
        return reply(id).getJsonObject("error").getString("name");
    }

    public List<String> errors() {
        return matching(line -> line.containsKey("error")).stream()
                .map(line -> line.getJsonObject("error").getString("name"))
                .toList();
    }

    /** The position of the message that a publish brought about. */
    public String published(int id) {
        return reply(id).getJsonObject("published").getString("position");
    }

    /** The messages of a channel. */
    public List<JsonObject> messages(String channel) {
        return matching(line -> line.containsKey("position")
                && line.containsKey("from")
                && line.getString("channel").equals(channel));
    }

    /** What the messages of a channel say. */
    public List<String> data(String channel) {
        return messages(channel).stream()
                .map(line -> line.get("data").toString())
                .toList();
    }

    /** Their places. */
    public List<Long> offsets(String channel) {
        return messages(channel).stream()
                .map(line ->
                        Position.parse(line.getString("position")).orElseThrow().offset())
                .toList();
    }

    public List<JsonObject> matching(Predicate<JsonObject> wanted) {
        return lines().stream().filter(wanted).toList();
    }

    /** The name of the last word. */
    public Optional<String> disconnected() {
        return matching(line -> line.containsKey("disconnect")).stream()
                .map(line -> line.getJsonObject("disconnect").getString("name"))
                .findFirst();
    }

    private static JsonObject json(String line) {
        try (var reader = READERS.createReader(new StringReader(line))) {
            return reader.readObject();
        }
    }
}
