package dev.parley.websocket;

import dev.parley.channel.Encoded;
import dev.parley.connection.Conversation;
import dev.parley.protocol.CommandReader;
import dev.parley.protocol.DisconnectCode;
import java.nio.ByteBuffer;
import java.util.List;

/** A session that speaks {@code v1.parley}: what the container hands over, sized up before it is read. */
public final class Talk {
    private static final long UTF_8_BYTES = 3;

    private final Conversation conversation;
    private final Runnable gone;
    private final int most;

    /** @param gone is told when the session has closed */
    Talk(Conversation conversation, int messageSize, Runnable gone) {
        this.conversation = conversation;
        this.gone = gone;
        this.most = messageSize;
    }

    /** Commands, one a line; each is read when the one before is done. */
    void received(String text) {
        if (fits(bytes(text))) {
            conversation.receive(CommandReader.read(text));
        }
    }

    /** A publish with bytes; the container's call lasts until they are read. */
    void received(ByteBuffer bytes) {
        if (fits(bytes.remaining())) {
            conversation.receive(List.of(CommandReader.read(bytes)));
        }
    }

    void heard() {
        conversation.connection().heard();
    }

    void closed() {
        conversation.connection().closed();
        gone.run();
    }

    /** As UTF-8, counted only where the characters alone do not tell. */
    private long bytes(String text) {
        boolean small = UTF_8_BYTES * text.length() <= most;
        return small ? text.length() : Encoded.Text.of(text).size();
    }

    private boolean fits(long size) {
        if (size > most) {
            conversation.connection().close(DisconnectCode.TOO_LARGE);
        }
        return size <= most;
    }
}
