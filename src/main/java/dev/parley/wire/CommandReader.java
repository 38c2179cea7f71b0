package dev.parley.wire;

import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.Command;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Names;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Start;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what clients send: text messages with one JSON object a line, and binary messages of one JSON line, a newline
 * and the bytes. Never throws: what is wrong becomes an {@link Incoming.Rejected} in its place, and the lines around it
 * are still read. A line that asks for too much is read no further than to where that shows; only its id is looked for in the
 * rest, so that whoever waits for the answer has one.
 */
public final class CommandReader {
    private static final Set<String> COMMANDS =
            Set.of("connect", "subscribe", "unsubscribe", "publish", "history", "presence", "refresh", "ping");

    /** Channels that one {@code subscribe} may name. */
    public static final int MOST_STARTS = 512;

    private static final int LONGEST_START = 288;

    /** Of a command's line, but for {@code data}, in characters: what the most starts need, by the longest names. */
    private static final int LONGEST_BESIDE_DATA = MOST_STARTS * LONGEST_START;

    private static final int LONGEST_HEADER = 4_096;
    private static final Pattern NEWLINE = Pattern.compile("\n");

    private CommandReader() {}

    /**
     * Reads a text message; empty lines are passed over. Each line is read when it is asked for, so that whoever has
     * heard enough need not read on: a message of 5 MB can hold two million faults.
     */
    public static Iterable<Incoming> read(String message) {
        return () -> NEWLINE.splitAsStream(message)
                .filter(line -> !line.isBlank())
                .map(line -> line(line, null))
                .iterator();
    }

    /** Reads a binary message: the line names the channel and the type, as {@code publish} without {@code data}. */
    public static Incoming read(ByteBuffer message) {
        int length = newline(message);
        if (length < 0) {
            return new Incoming.Rejected(
                    CommandId.find(lenient(message, Math.min(message.remaining(), LONGEST_HEADER))),
                    ErrorCode.MALFORMED,
                    "A binary message is one line of JSON of up to " + LONGEST_HEADER
                            + " bytes, a newline, and the bytes.");
        }
        ByteBuffer header = message.duplicate().limit(message.position() + length);
        ByteBuffer content = message.duplicate().position(message.position() + length + 1);
        try {
            String line = StandardCharsets.UTF_8.newDecoder().decode(header).toString();
            return line(line, Bytes.copyOf(content));
        } catch (CharacterCodingException e) {
            return new Incoming.Rejected(
                    CommandId.find(lenient(message, length)),
                    ErrorCode.MALFORMED,
                    "The line of a binary message is not UTF-8.");
        }
    }

    /** Its first bytes, whatever they are. */
    private static String lenient(ByteBuffer message, int length) {
        return StandardCharsets.UTF_8
                .decode(message.duplicate().limit(message.position() + length))
                .toString();
    }

    private static int newline(ByteBuffer message) {
        int longest = Math.min(message.remaining(), LONGEST_HEADER + 1);
        for (int i = 0; i < longest; i++) {
            if (message.get(message.position() + i) == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static Incoming line(String line, @Nullable Bytes content) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        try {
            Json.readObject(new MeteredText(line, LONGEST_BESIDE_DATA), "data", MOST_STARTS, members);
            return new Incoming.Accepted(command(id(members), members, content));
        } catch (RefusedException e) {
            OptionalLong id = id(members);
            return new Incoming.Rejected(id.isPresent() ? id : CommandId.find(line), e.code(), e.reason());
        }
    }

    private static OptionalLong id(Map<String, @Nullable Object> members) {
        long id = Fields.wholeNumber(members.get("id"));
        return id < 0 ? OptionalLong.empty() : OptionalLong.of(id);
    }

    private static Command command(OptionalLong id, Map<String, @Nullable Object> members, @Nullable Bytes content) {
        if (id.isEmpty()) {
            throw new RefusedException(ErrorCode.MALFORMED, "A command has an id: a whole number from 0 on.");
        }
        List<String> names =
                members.keySet().stream().filter(name -> !name.equals("id")).toList();
        if (names.size() != 1) {
            throw new RefusedException(
                    ErrorCode.MALFORMED, "A command has an id and one member named for the command.");
        }
        String name = names.get(0);
        if (!COMMANDS.contains(name)) {
            throw new RefusedException(ErrorCode.UNKNOWN_COMMAND);
        }
        if (content != null && !name.equals("publish")) {
            throw new RefusedException(ErrorCode.MALFORMED, "Only publish may be a binary message.");
        }
        return command(id.getAsLong(), name, members.get(name), content);
    }

    private static Command command(long id, String name, @Nullable Object value, @Nullable Bytes content) {
        if (name.equals("subscribe") && value instanceof List<?> list) {
            return subscribe(id, list);
        }
        Fields fields = Fields.of(name, value);
        return switch (name) {
            case "connect" -> connect(id, fields);
            case "subscribe" -> new Command.Subscribe(id, List.of(start(fields)), false);
            case "unsubscribe" -> new Command.Unsubscribe(id, fields.channel());
            case "publish" -> publish(id, fields, content);
            case "history" -> history(id, fields);
            case "presence" -> new Command.Presence(id, fields.channel());
            case "refresh" -> new Command.Refresh(id, fields.requiredText("token"));
            default -> new Command.Ping(id);
        };
    }

    private static Command connect(long id, Fields fields) {
        return new Command.Connect(
                id, fields.text("token"), fields.text("secret"), fields.text("name"), fields.count("max-message"));
    }

    private static Command subscribe(long id, List<?> list) {
        if (list.isEmpty()) {
            throw new RefusedException(ErrorCode.MALFORMED, "subscribe names no channel.");
        }
        return new Command.Subscribe(
                id,
                list.stream().map(value -> start(Fields.of("subscribe", value))).toList(),
                true);
    }

    private static Start start(Fields fields) {
        Start start = new Start(fields.channel(), fields.position("after"), fields.count("history"));
        if (start.after().isPresent() && start.history().isPresent()) {
            throw new RefusedException(ErrorCode.MALFORMED, "subscribe has either after or history.");
        }
        return start;
    }

    private static Command publish(long id, Fields fields, @Nullable Bytes content) {
        Optional<String> key = Names.requireKey(fields.text("key"));
        return new Command.Publish(id, fields.channel(), key, body(fields, content));
    }

    private static Command history(long id, Fields fields) {
        int limit = fields.count("limit").orElse(Command.History.USUAL);
        if (limit == 0) {
            throw fields.wrong("limit", "a whole number from 1 on");
        }
        return new Command.History(
                id, fields.channel(), fields.position("before"), Math.min(limit, Command.History.MOST));
    }

    private static Body body(Fields fields, @Nullable Bytes content) {
        boolean hasData = fields.value("data") instanceof Json.Raw;
        if (content == null) {
            if (fields.value("data") instanceof Json.Raw data) {
                return new Body.Json(data.text());
            }
            throw fields.wrong("data", "there: any JSON value; bytes come in a binary message");
        }
        if (hasData) {
            throw new RefusedException(ErrorCode.MALFORMED, "A binary message has bytes, and so no data.");
        }
        String type = fields.requiredText("type");
        if (!Names.isType(type)) {
            throw new RefusedException(ErrorCode.INVALID_NAME, "A type is a media type such as image/png.");
        }
        return new Body.Binary(type, content);
    }
}
