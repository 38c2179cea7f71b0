package dev.parley.wire;

import dev.parley.protocol.Command;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Reply;
import java.util.OptionalLong;

/** What a client sent, read: a command, or what is wrong with it. */
public sealed interface Incoming {

    record Accepted(Command command) implements Incoming {}

    /** @param id of the command, where it could be read */
    record Rejected(OptionalLong id, ErrorCode code, String message) implements Incoming {
        public Reply reply() {
            return new Reply.Failed(id, code, message);
        }
    }
}
