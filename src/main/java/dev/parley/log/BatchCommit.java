package dev.parley.log;

import dev.parley.concurrent.FailureLog;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Message;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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

    /**
     * How a batch went.
     *
     * @param failure why the log is not available, if it is not
     * @param held those, in their order, of channels that somebody holds; they were told nothing yet
     */
    record Result(Optional<LogException> failure, List<QueuedPublication> held) {
        static Result failed(LogException e) {
            return new Result(Optional.of(e), List.of());
        }
    }

    private static final Result ALL = new Result(Optional.empty(), List.of());

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

    /** Tells every one of the batch but those that are held. */
    Result commit(List<QueuedPublication> batch) {
        try {
            List<Outcome> outcomes = log.append(
                    batch.stream().map(QueuedPublication::publication).toList());
            return settle(batch, outcomes);
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

    private Result failed(List<QueuedPublication> batch, LogException e) {
        if (e.kind() == LogException.Kind.REFUSED) {
            return batch.size() > 1 ? commitHalves(batch) : refuseOffender(batch.get(0), e);
        }
        batch.forEach(queued -> queued.refuse(ErrorCode.UNAVAILABLE));
        if (e.kind() == LogException.Kind.IN_DOUBT) {
            Set<String> channels = new LinkedHashSet<>();
            batch.forEach(queued -> channels.add(queued.publication().channel()));
            guarded(() -> listener.doubtful(channels));
        }
        return Result.failed(e);
    }

    private Result commitHalves(List<QueuedPublication> batch) {
        int middle = batch.size() / 2;
        List<QueuedPublication> second = batch.subList(middle, batch.size());
        Result first = commit(batch.subList(0, middle));
        if (first.failure().isPresent()) {
            second.forEach(queued -> queued.refuse(ErrorCode.UNAVAILABLE));
            return first;
        }
        return first.held().isEmpty() ? commit(second) : commitBehind(first.held(), second);
    }

    /** What is of a channel that is held goes behind it, even if that is free by now. */
    private Result commitBehind(List<QueuedPublication> held, List<QueuedPublication> second) {
        Set<String> channels = new HashSet<>();
        held.forEach(queued -> channels.add(queued.publication().channel()));
        Map<Boolean, List<QueuedPublication>> parts = second.stream()
                .collect(Collectors.partitioningBy(
                        queued -> channels.contains(queued.publication().channel())));
        List<QueuedPublication> all = new ArrayList<>(held);
        all.addAll(parts.getOrDefault(true, List.of()));
        List<QueuedPublication> others = parts.getOrDefault(false, List.of());
        Result result = others.isEmpty() ? ALL : commit(others);
        all.addAll(result.held());
        return new Result(result.failure(), all);
    }

    private static Result refuseOffender(QueuedPublication offender, LogException e) {
        Publication publication = offender.publication();
        LOGGER.log(
                Level.WARNING,
                () -> "The log refuses a message of " + publication.from().user() + " on " + publication.channel(),
                e);
        offender.tell(UNSTORABLE);
        return ALL;
    }

    private Result settle(List<QueuedPublication> batch, List<Outcome> outcomes) {
        List<Message> committed = new ArrayList<>(batch.size());
        List<QueuedPublication> held = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            if (outcomes.get(i) instanceof Outcome.Appended appended) {
                committed.add(batch.get(i).at(appended.position(), inlineSize));
            } else if (outcomes.get(i) instanceof Outcome.Held) {
                held.add(batch.get(i));
            }
        }
        batches += held.size() < batch.size() ? 1 : 0;
        messages += committed.size();
        for (int i = 0; i < batch.size(); i++) {
            if (!(outcomes.get(i) instanceof Outcome.Held)) {
                batch.get(i).tell(outcomes.get(i));
            }
        }
        if (!committed.isEmpty()) {
            guarded(() -> listener.committed(committed));
        }
        return held.isEmpty() ? ALL : new Result(Optional.empty(), held);
    }

    private static void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            FAILURES.failed("The listener of the log's writer failed", e);
        }
    }
}
