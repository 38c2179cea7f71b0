package dev.parley.websocket;

import dev.parley.connection.Conversation;
import dev.parley.protocol.DisconnectCode;
import java.util.List;

/** A session that speaks {@code v1.parley}: what the container hands over, sized up before it is read. */
public final class Talk {
    /** Beside the data a message has the command's own words and names. */
    private static final int ENVELOPE = 8 * 1024;

    private final Conversation conversation;
    private final long most;

    Talk(Conversation conversation, int messageSize) {
        this.conversation = conversation;
        this.most = (long) messageSize + ENVELOPE;
    }

    void received(ClientMessage message) {
        if (fits(message.text().length())) {
            conversation.receive(message.lines());
        }
    }

    void received(ClientBytes message) {
        if (fits(message.bytes().remaining())) {
            conversation.receive(List.of(message.publish()));
        }
    }

    void heard() {
        conversation.connection().heard();
    }

    void closed() {
        conversation.connection().closed();
    }

    private boolean fits(int size) {
        if (size > most) {
            conversation.connection().close(DisconnectCode.TOO_LARGE);
        }
        return size <= most;
    }
}
