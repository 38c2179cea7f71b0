package dev.parley.websocket;

import dev.parley.protocol.CommandReader;
import dev.parley.protocol.Incoming;

/** A text message of a client, not read yet: its size is looked at first. */
public record ClientMessage(String text) {
    /** Its commands, or what is wrong with them; each is read when it is asked for. */
    public Iterable<Incoming> lines() {
        return CommandReader.read(text);
    }
}
