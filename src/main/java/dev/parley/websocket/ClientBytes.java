package dev.parley.websocket;

import dev.parley.protocol.CommandReader;
import dev.parley.protocol.Incoming;
import java.nio.ByteBuffer;

/** A binary message of a client, not read yet: its size is looked at first. Valid while the container's call lasts. */
public record ClientBytes(ByteBuffer bytes) {
    /** A publish with bytes, or what is wrong with it. */
    public Incoming publish() {
        return CommandReader.read(bytes);
    }
}
