package dev.parley.wire;

import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.JsonText;
import dev.parley.protocol.Lineage;
import dev.parley.protocol.Member;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import dev.parley.protocol.Unicode;
import java.util.List;

/**
 * Writes replies and pushes as lines of the wire, without the newline. JSON-P's generator is not used here since it
 * cannot write the stored data, which is JSON already, as it is.
 */
public final class WireWriter {
    /** A client holds messages of few epochs, and may come with a position of any. */
    private static final int ANCESTORS = 64;

    private WireWriter() {}

    public static String write(Reply reply) {
        StringBuilder out = new StringBuilder(96);
        out.append('{');
        if (reply instanceof Reply.Done done) {
            done(out, done);
        } else if (reply instanceof Reply.Failed failed) {
            failed(out, failed);
        }
        out.append('}');
        return out.toString();
    }

    /** What a reply says, without its name and the command's id: for where a request has one answer. */
    public static String content(Reply reply) {
        StringBuilder out = new StringBuilder(96);
        out.append('{');
        members(out, reply);
        return out.append('}').toString();
    }

    /** What became of one start. */
    public static String write(Reply.Subscription subscription) {
        StringBuilder out = new StringBuilder(96);
        subscription(out, subscription);
        return out.toString();
    }

    /** For a message with bytes: the line that stands before them. */
    public static String write(Push push) {
        StringBuilder out = new StringBuilder(192);
        if (push instanceof Message message) {
            message(out, message);
        } else if (push instanceof Push.Join join) {
            channel(out, join.channel());
            out.append(",\"join\":");
            member(out, join.member());
            presence(out, join.presence());
        } else if (push instanceof Push.Leave leave) {
            channel(out, leave.channel());
            out.append(",\"leave\":");
            member(out, leave.member());
            presence(out, leave.presence());
        } else if (push instanceof Push.Members members) {
            channel(out, members.channel());
            out.append(",\"members\":").append(members.count());
            presence(out, members.presence());
        } else if (push instanceof Push.Lost lost) {
            channel(out, lost.channel());
            out.append(",\"lost\":");
            lost.range().ifPresentOrElse(range -> range(out, range), () -> out.append("{}"));
        } else if (push instanceof Push.Forgotten forgotten) {
            channel(out, forgotten.channel());
            out.append(",\"forgotten\":");
            range(out, forgotten.range());
            ancestors(out, forgotten.ancestors());
        } else if (push instanceof Push.Ended ended) {
            channel(out, ended.channel());
            out.append(",\"unsubscribed\":");
            error(out, ended.code(), ended.code().sentence());
        } else if (push instanceof Push.Disconnect disconnect) {
            disconnect(out, disconnect);
        }
        return out.append('}').toString();
    }

    /** A binary message: the line, a newline, the bytes. */
    public static Bytes write(Message message, Body.Binary body) {
        return BinaryMessage.of(write((Push) message), body);
    }

    /** Of a member within a list, in bytes. */
    public static int size(Member member) {
        StringBuilder out = new StringBuilder(64);
        member(out, member);
        return Unicode.utf8Length(out.toString()) + 1;
    }

    private static void done(StringBuilder out, Reply.Done reply) {
        out.append("\"id\":").append(reply.id()).append(",\"");
        if (reply instanceof Reply.Subscribed subscribed) {
            out.append("subscribed\":");
            subscribed(out, subscribed);
            return;
        }
        int at = out.length();
        String name = members(out, reply);
        out.insert(at, name + "\":{").append('}');
    }

    /** Gives the reply's name. */
    private static String members(StringBuilder out, Reply reply) {
        if (reply instanceof Reply.Published published) {
            text(out, "channel", published.channel());
            next(out, "position", published.position().toString());
            return "published";
        } else if (reply instanceof Reply.Connected connected) {
            text(out, "connection", connected.connection());
            next(out, "user", connected.user());
            connected.secret().ifPresent(secret -> next(out, "secret", secret));
            connected.expires().ifPresent(expires -> next(out, "expires", expires.toString()));
            return "connected";
        } else if (reply instanceof Reply.Unsubscribed unsubscribed) {
            text(out, "channel", unsubscribed.channel());
            return "unsubscribed";
        } else if (reply instanceof Reply.Present present) {
            text(out, "channel", present.channel());
            next(out, "position", present.position().toString());
            out.append(",\"count\":").append(present.count()).append(",\"members\":");
            members(out, present.members());
            return "presence";
        } else if (reply instanceof Reply.History history) {
            history(out, history);
            return "history";
        } else if (reply instanceof Reply.Refreshed refreshed) {
            refreshed.expires().ifPresent(expires -> text(out, "expires", expires.toString()));
            return "refreshed";
        }
        return "pong";
    }

    private static void history(StringBuilder out, Reply.History reply) {
        text(out, "channel", reply.channel());
        out.append(",\"messages\":[");
        for (int i = 0; i < reply.messages().size(); i++) {
            out.append(i == 0 ? "" : ",").append(write((Push) reply.messages().get(i)));
        }
        out.append("],\"more\":").append(reply.more());
    }

    private static void subscribed(StringBuilder out, Reply.Subscribed reply) {
        if (!reply.many()) {
            subscription(out, reply.subscriptions().get(0));
            return;
        }
        char separator = '[';
        for (Reply.Subscription subscription : reply.subscriptions()) {
            out.append(separator);
            subscription(out, subscription);
            separator = ',';
        }
        out.append(']');
    }

    private static void subscription(StringBuilder out, Reply.Subscription subscription) {
        out.append('{');
        text(out, "channel", subscription.channel());
        if (subscription instanceof Reply.Started started) {
            next(out, "position", started.position().toString());
            next(out, "head", started.head().toString());
            out.append(",\"recovered\":").append(started.recovered());
            started.lost().ifPresent(range -> {
                out.append(",\"lost\":");
                range(out, range);
            });
            started.forgotten().ifPresent(range -> {
                out.append(",\"forgotten\":");
                range(out, range);
            });
            if (!started.ancestors().isEmpty()) {
                ancestors(out, started.ancestors());
            }
        } else if (subscription instanceof Reply.Refused refused) {
            out.append(",\"error\":");
            error(out, refused.code(), refused.message());
        }
        out.append('}');
    }

    /** The newest. */
    private static void ancestors(StringBuilder out, List<Lineage.Ancestor> ancestors) {
        out.append(",\"ancestors\":[");
        String separator = "";
        for (Lineage.Ancestor ancestor :
                ancestors.subList(Math.max(0, ancestors.size() - ANCESTORS), ancestors.size())) {
            out.append(separator).append("[\"").append(ancestor.epoch()).append("\",");
            out.append(ancestor.end()).append(']');
            separator = ",";
        }
        out.append(']');
    }

    private static void failed(StringBuilder out, Reply.Failed failed) {
        failed.id().ifPresent(id -> out.append("\"id\":").append(id).append(','));
        out.append("\"error\":");
        error(out, failed.code(), failed.message());
    }

    private static void error(StringBuilder out, ErrorCode code, String message) {
        out.append("{\"code\":").append(code.code());
        next(out, "name", code.label());
        next(out, "message", message);
        out.append(",\"retry\":").append(code.retry()).append('}');
    }

    private static void message(StringBuilder out, Message message) {
        channel(out, message.channel());
        next(out, "position", message.position().toString());
        out.append(",\"from\":");
        member(out, message.from());
        next(out, "at", message.at().toString());
        Body body = message.body();
        if (body instanceof Body.Json json) {
            out.append(",\"data\":").append(json.text());
        } else {
            next(out, "type", body.type());
            out.append(",\"size\":").append(body.size());
            if (body instanceof Body.Reference) {
                next(out, "content", message.contentPath());
            }
        }
    }

    private static void disconnect(StringBuilder out, Push.Disconnect disconnect) {
        DisconnectCode code = disconnect.code();
        out.append("{\"disconnect\":{\"code\":").append(code.code());
        next(out, "name", code.label());
        out.append(",\"reconnect\":").append(code.reconnect());
        disconnect.within().ifPresent(seconds -> out.append(",\"within\":").append(seconds));
        out.append('}');
    }

    private static void members(StringBuilder out, List<Member> members) {
        out.append('[');
        for (int i = 0; i < members.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            member(out, members.get(i));
        }
        out.append(']');
    }

    private static void member(StringBuilder out, Member member) {
        out.append('{');
        text(out, "user", member.user());
        member.name().ifPresent(name -> next(out, "name", name));
        out.append('}');
    }

    private static void range(StringBuilder out, Push.Range range) {
        out.append('{');
        text(out, "after", range.after().toString());
        next(out, "before", range.before().toString());
        out.append('}');
    }

    private static void presence(StringBuilder out, Position position) {
        next(out, "presence", position.toString());
    }

    private static void channel(StringBuilder out, String channel) {
        out.append('{');
        text(out, "channel", channel);
    }

    private static void next(StringBuilder out, String name, String value) {
        out.append(',');
        text(out, name, value);
    }

    private static void text(StringBuilder out, String name, String value) {
        out.append('"').append(name).append("\":");
        JsonText.quote(out, value);
    }
}
