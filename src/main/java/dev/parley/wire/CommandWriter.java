package dev.parley.wire;

import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.Command;
import dev.parley.protocol.JsonText;
import dev.parley.protocol.Start;
import java.util.List;

/** Writes commands as lines of the wire, without the newline: the other half of {@link CommandReader}. */
public final class CommandWriter {
    private CommandWriter() {}

    public static String write(Command command) {
        StringBuilder out = new StringBuilder(96);
        out.append("{\"id\":").append(command.id()).append(',');
        if (command instanceof Command.Connect connect) {
            connect(out, connect);
        } else if (command instanceof Command.Subscribe subscribe) {
            subscribe(out, subscribe);
        } else if (command instanceof Command.Publish publish) {
            publish(out, publish);
        } else if (command instanceof Command.Unsubscribe unsubscribe) {
            one(out, "unsubscribe", "channel", unsubscribe.channel());
        } else if (command instanceof Command.History history) {
            history(out, history);
        } else if (command instanceof Command.Presence presence) {
            one(out, "presence", "channel", presence.channel());
        } else if (command instanceof Command.Refresh refresh) {
            one(out, "refresh", "token", refresh.token());
        } else {
            out.append("\"ping\":{}");
        }
        return out.append('}').toString();
    }

    /** A publish with bytes: the line, a newline, the bytes. */
    public static Bytes write(Command.Publish publish, Body.Binary body) {
        return BinaryMessage.of(write(publish), body);
    }

    private static void connect(StringBuilder out, Command.Connect connect) {
        out.append("\"connect\":{");
        int begin = out.length();
        connect.token().ifPresent(token -> member(out, begin, "token", token));
        connect.secret().ifPresent(secret -> member(out, begin, "secret", secret));
        connect.name().ifPresent(name -> member(out, begin, "name", name));
        connect.maxMessage().ifPresent(bytes -> {
            out.append(out.length() == begin ? "" : ",")
                    .append("\"max-message\":")
                    .append(bytes);
        });
        out.append('}');
    }

    private static void subscribe(StringBuilder out, Command.Subscribe subscribe) {
        out.append("\"subscribe\":");
        if (!subscribe.many()) {
            start(out, subscribe.starts().get(0));
            return;
        }
        List<Start> starts = subscribe.starts();
        for (int i = 0; i < starts.size(); i++) {
            out.append(i == 0 ? '[' : ',');
            start(out, starts.get(i));
        }
        out.append(']');
    }

    private static void start(StringBuilder out, Start start) {
        out.append('{');
        int begin = out.length();
        member(out, begin, "channel", start.channel());
        start.after().ifPresent(after -> member(out, begin, "after", after.toString()));
        start.history().ifPresent(size -> out.append(",\"history\":").append(size));
        out.append('}');
    }

    private static void publish(StringBuilder out, Command.Publish publish) {
        out.append("\"publish\":{");
        int begin = out.length();
        member(out, begin, "channel", publish.channel());
        publish.key().ifPresent(key -> member(out, begin, "key", key));
        if (publish.body() instanceof Body.Json json) {
            out.append(",\"data\":").append(json.text());
        } else {
            member(out, begin, "type", publish.body().type());
        }
        out.append('}');
    }

    private static void history(StringBuilder out, Command.History history) {
        out.append("\"history\":{");
        int begin = out.length();
        member(out, begin, "channel", history.channel());
        history.before().ifPresent(before -> member(out, begin, "before", before.toString()));
        out.append(",\"limit\":").append(history.limit()).append('}');
    }

    private static void one(StringBuilder out, String command, String name, String value) {
        out.append('"').append(command).append("\":{");
        member(out, out.length(), name, value);
        out.append('}');
    }

    private static void member(StringBuilder out, int begin, String name, String value) {
        out.append(out.length() == begin ? "\"" : ",\"").append(name).append("\":");
        JsonText.quote(out, value);
    }
}
