package dev.parley.wire;

import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.FromServer;
import dev.parley.protocol.Lineage;
import dev.parley.protocol.Member;
import dev.parley.protocol.Message;
import dev.parley.protocol.Names;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the server sends: the other half of {@link WireWriter}. Members and pushes that this version does not know
 * are passed over, so that a newer server can say more.
 *
 * <p>Nothing that is said can stop what follows it. A message that cannot be read is a {@link Push.Unreadable}, a reply a
 * failure of its command; what is neither is logged and passed over.
 */
public final class ServerReader {
    private static final Pattern NEWLINE = Pattern.compile("\n");
    private static final System.Logger LOGGER = System.getLogger(ServerReader.class.getName());

    private ServerReader() {}

    /** Reads a text message. */
    public static List<FromServer> read(String message) {
        List<FromServer> result = new ArrayList<>();
        NEWLINE.splitAsStream(message)
                .filter(line -> !line.isBlank())
                .forEach(line -> line(line, Optional.empty()).ifPresent(result::add));
        return result;
    }

    /** Reads a binary message: a line, a newline, the bytes. */
    public static Optional<FromServer> read(ByteBuffer message) {
        ByteBuffer rest = message.duplicate();
        int begin = rest.position();
        while (rest.hasRemaining()) {
            if (rest.get() == '\n') {
                ByteBuffer line = message.duplicate().limit(rest.position() - 1).position(begin);
                return line(StandardCharsets.UTF_8.decode(line).toString(), Optional.of(Bytes.copyOf(rest)));
            }
        }
        return unreadable(
                Map.of(), new RefusedException(ErrorCode.MALFORMED, "It has bytes, and no line before them."));
    }

    private static Optional<FromServer> line(String line, Optional<Bytes> bytes) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        try {
            Json.readObject(line, "data", members);
            return line(new Fields("message", members), bytes);
        } catch (RuntimeException e) { // JSON-P's own too, whoever has made it
            return unreadable(members, e);
        }
    }

    /** As much as can be told of what could not be read. */
    private static Optional<FromServer> unreadable(Map<String, @Nullable Object> members, RuntimeException failure) {
        String reason = failure instanceof RefusedException refused ? refused.reason() : failure.toString();
        long id = Fields.wholeNumber(members.get("id"));
        if (id >= 0) {
            String message = "The server's answer cannot be read. " + reason;
            return Optional.of(new Reply.Failed(OptionalLong.of(id), ErrorCode.INTERNAL, message));
        }
        if (members.get("channel") instanceof String channel && members.get("position") instanceof String position) {
            Optional<Position> place = Position.parse(position);
            if (Names.isChannel(channel) && place.isPresent()) {
                return Optional.of(new Push.Unreadable(channel, place.get(), reason));
            }
        }
        LOGGER.log(System.Logger.Level.WARNING, "Something that the server says cannot be read: {0}", reason);
        return Optional.empty();
    }

    private static Optional<FromServer> line(Fields fields, Optional<Bytes> bytes) {
        if (fields.value("disconnect") != null) {
            return disconnect(Fields.of("disconnect", fields.value("disconnect")));
        }
        if (fields.value("id") != null || fields.value("error") != null) {
            return reply(fields);
        }
        return push(fields, bytes);
    }

    private static Optional<FromServer> disconnect(Fields fields) {
        String name = fields.requiredText("name");
        OptionalInt within = fields.count("within");
        return Arrays.stream(DisconnectCode.values())
                .filter(code -> code.label().equals(name))
                .findFirst()
                .map(code -> new Push.Disconnect(code, within));
    }

    private static Optional<FromServer> reply(Fields fields) {
        long number = Fields.wholeNumber(fields.value("id"));
        OptionalLong id = number < 0 ? OptionalLong.empty() : OptionalLong.of(number);
        if (fields.value("error") != null) {
            Fields error = Fields.of("error", fields.value("error"));
            return Optional.of(
                    new Reply.Failed(id, code(error), error.text("message").orElse("")));
        }
        return reply(number, fields.members());
    }

    private static Optional<FromServer> reply(long id, Map<String, @Nullable Object> members) {
        for (Map.Entry<String, @Nullable Object> member : members.entrySet()) {
            if (member.getKey().equals("subscribed")) {
                return Optional.of(subscribed(id, member.getValue()));
            }
            if (member.getValue() instanceof Map<?, ?>) {
                return Optional.ofNullable(reply(id, member.getKey(), Fields.of(member.getKey(), member.getValue())));
            }
        }
        return Optional.empty();
    }

    private static @Nullable Reply reply(long id, String name, Fields fields) {
        return switch (name) {
            case "connected" ->
                new Reply.Connected(
                        id,
                        fields.requiredText("connection"),
                        fields.requiredText("user"),
                        fields.text("secret"),
                        time(fields, "expires"));
            case "unsubscribed" -> new Reply.Unsubscribed(id, fields.channel());
            case "published" -> new Reply.Published(id, fields.channel(), position(fields, "position"));
            case "presence" ->
                new Reply.Present(
                        id,
                        fields.channel(),
                        position(fields, "position"),
                        fields.count("count").orElse(0),
                        members(fields.value("members")));
            case "history" ->
                new Reply.History(
                        id,
                        fields.channel(),
                        messages(fields.value("messages")),
                        Boolean.TRUE.equals(fields.value("more")));
            case "refreshed" -> new Reply.Refreshed(id, time(fields, "expires"));
            case "pong" -> new Reply.Pong(id);
            default -> null;
        };
    }

    private static Reply subscribed(long id, @Nullable Object value) {
        boolean many = value instanceof List<?>;
        List<?> all = many
                ? Fields.list(value)
                : List.of(Fields.of("subscribed", value).members());
        return new Reply.Subscribed(
                id,
                all.stream()
                        .map(one -> subscription(Fields.of("subscribed", one)))
                        .toList(),
                many);
    }

    private static Reply.Subscription subscription(Fields fields) {
        if (fields.value("error") != null) {
            Fields error = Fields.of("error", fields.value("error"));
            return new Reply.Refused(
                    fields.text("channel").orElse(""),
                    code(error),
                    error.text("message").orElse(""));
        }
        return new Reply.Started(
                fields.channel(),
                position(fields, "position"),
                position(fields, "head"),
                Boolean.TRUE.equals(fields.value("recovered")),
                range(fields.value("lost")),
                range(fields.value("forgotten")),
                ancestors(fields.value("ancestors")));
    }

    private static Optional<FromServer> push(Fields fields, Optional<Bytes> bytes) {
        String channel = fields.channel();
        if (fields.value("position") != null) {
            return Optional.of(message(channel, fields, bytes));
        }
        if (fields.value("lost") != null) {
            return Optional.of(new Push.Lost(channel, range(fields.value("lost"))));
        }
        if (fields.value("forgotten") != null) {
            Push.Range range = range(fields.value("forgotten")).orElseThrow(() -> fields.wrong("forgotten", "a range"));
            return Optional.of(new Push.Forgotten(channel, range, ancestors(fields.value("ancestors"))));
        }
        if (fields.value("unsubscribed") != null) {
            return Optional.of(new Push.Ended(channel, code(Fields.of("unsubscribed", fields.value("unsubscribed")))));
        }
        return presence(channel, fields);
    }

    private static Optional<FromServer> presence(String channel, Fields fields) {
        if (fields.value("join") != null) {
            return Optional.of(new Push.Join(channel, member(fields.value("join")), position(fields, "presence")));
        }
        if (fields.value("leave") != null) {
            return Optional.of(new Push.Leave(channel, member(fields.value("leave")), position(fields, "presence")));
        }
        return fields.value("members") == null
                ? Optional.empty()
                : Optional.of(
                        new Push.Members(channel, fields.count("members").orElse(0), position(fields, "presence")));
    }

    private static Message message(String channel, Fields fields, Optional<Bytes> bytes) {
        return new Message(
                channel, position(fields, "position"), member(fields.value("from")), at(fields), body(fields, bytes));
    }

    private static List<Message> messages(@Nullable Object value) {
        return Fields.list(value).stream()
                .map(one -> Fields.of("messages", one))
                .map(fields -> message(fields.channel(), fields, Optional.empty()))
                .toList();
    }

    private static Body body(Fields fields, Optional<Bytes> bytes) {
        if (fields.value("data") instanceof Json.Raw data) {
            return new Body.Json(data.text());
        }
        String type = fields.requiredText("type");
        return bytes.<Body>map(content -> new Body.Binary(type, content))
                .orElseGet(() -> new Body.Reference(type, Fields.wholeNumber(fields.value("size"))));
    }

    private static Instant at(Fields fields) {
        return time(fields, "at").orElseThrow(() -> fields.wrong("at", "a time"));
    }

    private static Optional<Instant> time(Fields fields, String name) {
        try {
            return fields.text(name).map(Instant::parse);
        } catch (DateTimeException e) {
            throw fields.wrong(name, "a time");
        }
    }

    private static Member member(@Nullable Object value) {
        Fields fields = Fields.of("member", value);
        return new Member(fields.requiredText("user"), fields.text("name"));
    }

    private static List<Member> members(@Nullable Object value) {
        return Fields.list(value).stream().map(ServerReader::member).toList();
    }

    private static Optional<Push.Range> range(@Nullable Object value) {
        if (value == null) {
            return Optional.empty();
        }
        Fields fields = Fields.of("lost", value);
        return fields.value("after") == null
                ? Optional.empty()
                : Optional.of(new Push.Range(position(fields, "after"), position(fields, "before")));
    }

    /** Written {@code [epoch, end]} each. */
    private static List<Lineage.Ancestor> ancestors(@Nullable Object value) {
        return Fields.list(value).stream().map(ServerReader::ancestor).toList();
    }

    private static Lineage.Ancestor ancestor(@Nullable Object value) {
        List<?> pair = Fields.list(value);
        if (pair.size() == 2 && pair.get(0) instanceof String epoch) {
            Optional<Position> end = Position.parse(epoch + ":" + Fields.wholeNumber(pair.get(1)));
            if (end.isPresent()) {
                return new Lineage.Ancestor(epoch, end.get().offset());
            }
        }
        throw new RefusedException(ErrorCode.MALFORMED, "ancestors must be pairs of an epoch and its end.");
    }

    private static Position position(Fields fields, String name) {
        return fields.position(name).orElseThrow(() -> fields.wrong(name, "a position"));
    }

    /** A code of a newer server is taken as a failure inside it. */
    private static ErrorCode code(Fields error) {
        String name = error.requiredText("name");
        return Arrays.stream(ErrorCode.values())
                .filter(code -> code.label().equals(name))
                .findFirst()
                .orElse(ErrorCode.INTERNAL);
    }
}
