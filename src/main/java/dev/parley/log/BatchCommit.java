package dev.parley.log;

import dev.parley.concurrent.FailureLog;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Message;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Commits batches and tells everybody what became of them; used by one thread at a time.
 *
 * <p>The hard case: of a thousand publications the store refuses one. The batch is halved until that one is alone, some
 * ten commits for each half that is whole, so the others are stored, in their order, and only it is refused.
 */
final class BatchCommit {
    private static final Logger LOGGER = System.getLogger(BatchCommit.class.getName());
    private static final FailureLog FAILURES = new FailureLog(LOGGER);
    private static final Outcome UNSTORABLE =
            new Outcome.Refused(ErrorCode.REJECTED, "The log cannot store this message.");

    private final Log log;
    private final CommitListener listener;
    private final int inlineSize;
    private long batches;
    private long messages;

    BatchCommit(Log log, CommitListener listener, int inlineSize) {
        this.log = log;
        this.listener = listener;
        this.inlineSize = inlineSize;
    }

    /** Tells every one of the batch; returns why the log is not available, if it is not. */
    Optional<LogException> commit(List<QueuedPublication> batch) {
        try {
            List<Outcome> outcomes = log.append(
                    batch.stream().map(QueuedPublication::publication).toList());
            settle(batch, outcomes);
            return Optional.empty();
        } catch (LogException e) {
            return failed(batch, e);
        } catch (RuntimeException | Error e) {
            return failed(batch, new LogException(LogException.Kind.IN_DOUBT, "The log failed: " + e, e));
        }
    }

    long batches() {
        return batches;
    }

    long messages() {
        return messages;
    }

    private Optional<LogException> failed(List<QueuedPublication> batch, LogException e) {
        if (e.kind() == LogException.Kind.REFUSED) {
            return batch.size() > 1 ? commitHalves(batch) : refuseOffender(batch.get(0), e);
        }
        batch.forEach(queued -> queued.refuse(ErrorCode.UNAVAILABLE));
        if (e.kind() == LogException.Kind.IN_DOUBT) {
            Set<String> channels = new LinkedHashSet<>();
            batch.forEach(queued -> channels.add(queued.publication().channel()));
            guarded(() -> listener.doubtful(channels));
        }
        return Optional.of(e);
    }

    private Optional<LogException> commitHalves(List<QueuedPublication> batch) {
        int middle = batch.size() / 2;
        List<QueuedPublication> second = batch.subList(middle, batch.size());
        Optional<LogException> failure = commit(batch.subList(0, middle));
        if (failure.isPresent()) {
            second.forEach(queued -> queued.refuse(ErrorCode.UNAVAILABLE));
            return failure;
        }
        return commit(second);
    }

    private static Optional<LogException> refuseOffender(QueuedPublication offender, LogException e) {
        Publication publication = offender.publication();
        LOGGER.log(
                Level.WARNING,
                () -> "The log refuses a message of " + publication.from().user() + " on " + publication.channel(),
                e);
        offender.tell(UNSTORABLE);
        return Optional.empty();
    }

    private void settle(List<QueuedPublication> batch, List<Outcome> outcomes) {
        List<Message> committed = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            if (outcomes.get(i) instanceof Outcome.Appended appended) {
                committed.add(batch.get(i).at(appended.position(), inlineSize));
            }
        }
        batches++;
        messages += committed.size();
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).tell(outcomes.get(i));
        }
        if (!committed.isEmpty()) {
            guarded(() -> listener.committed(committed));
        }
    }

    private static void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            FAILURES.failed("The listener of the log's writer failed", e);
        }
    }
}
