package dev.parley.connection;

import dev.parley.api.HistoryPage;
import dev.parley.channel.Encoded;
import dev.parley.protocol.Body;
import dev.parley.protocol.Command;
import dev.parley.protocol.Message;
import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import dev.parley.wire.WireWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The reply to a look back: as much of the past as fits into one message of the client's size, the newest first. */
final class HistoryReply {
    private static final int ENVELOPE = 128;

    private HistoryReply() {}

    /** @param most bytes of the reply, unless its only message, mentioned, needs more */
    static Reply.History of(Command.History command, HistoryPage page, int most) {
        int left = most - ENVELOPE - command.channel().length();
        Deque<Message> messages = new ArrayDeque<>();
        for (int i = page.messages().size() - 1; i >= 0; i--) {
            Message message = page.messages().get(i);
            if (message.body() instanceof Body.Binary || (messages.isEmpty() && size(message) > left)) {
                message = message.mentioned();
            }
            left -= size(message) + 1;
            if (left < 0 && !messages.isEmpty()) {
                break;
            }
            messages.addFirst(message);
        }
        boolean more = page.more() || messages.size() < page.messages().size();
        return new Reply.History(command.id(), command.channel(), List.copyOf(messages), more);
    }

    private static int size(Message message) {
        return Encoded.Text.of(WireWriter.write((Push) message)).size();
    }
}
