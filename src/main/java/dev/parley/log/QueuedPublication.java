package dev.parley.log;

import dev.parley.concurrent.FailureLog;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/** A publication that waits for the writer, and whom to tell. */
record QueuedPublication(Publication publication, Consumer<Outcome> callback) {
    private static final FailureLog FAILURES = new FailureLog(System.getLogger(QueuedPublication.class.getName()));
    /** Channel, key, user and the objects around them, roughly. */
    private static final int OVERHEAD = 256;

    long bytes() {
        return OVERHEAD + (long) publication.body().weight();
    }

    /** What throws here is a fault of whoever published, and must not reach the others of the batch. */
    void tell(Outcome outcome) {
        try {
            callback.accept(outcome);
        } catch (Throwable e) {
            FAILURES.failed("A publisher's callback failed", e);
        }
    }

    void refuse(ErrorCode code) {
        tell(new Outcome.Refused(code));
    }

    /** The message as a reader of the log would get it. */
    Message at(Position position, int inlineSize) {
        Body body = publication.body().inline(inlineSize);
        return new Message(
                publication.channel(),
                position,
                publication.from(),
                publication.at().truncatedTo(ChronoUnit.MILLIS),
                body);
    }
}
