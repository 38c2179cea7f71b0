package dev.parley.log;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;

/** What became of a publication. */
public sealed interface Outcome {

    /** Committed at this position. */
    record Appended(Position position) implements Outcome {}

    /** The same key and content had been stored before, at this position; nothing was appended. */
    record Repeated(Position position) implements Outcome {}

    /**
     * Not stored for now: another holds the channel's log, as a node that is stopped in the middle of an append does. So
     * is whatever else of the channel was in the batch. The writer tries it again; a publisher is never told so.
     */
    record Held() implements Outcome {}

    /** Not stored. */
    record Refused(ErrorCode code, String message) implements Outcome {
        public Refused(ErrorCode code) {
            this(code, code.sentence());
        }
    }
}
