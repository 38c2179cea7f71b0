package dev.parley.log;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;

/** What became of a publication. */
public sealed interface Outcome {

    /** Committed at this position. */
    record Appended(Position position) implements Outcome {}

    /** The same key and content had been stored before, at this position; nothing was appended. */
    record Repeated(Position position) implements Outcome {}

    /** Not stored. */
    record Refused(ErrorCode code, String message) implements Outcome {
        public Refused(ErrorCode code) {
            this(code, code.sentence());
        }
    }
}
