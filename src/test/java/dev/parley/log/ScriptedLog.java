package dev.parley.log;

import dev.parley.protocol.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** A log in memory that does as it is told; remembers the batches it was given. */
final class ScriptedLog implements Log {
    private final Map<String, Long> heads = new HashMap<>();
    private final List<List<Publication>> batches = new ArrayList<>();
    private Predicate<Publication> refused = publication -> false;
    private Set<String> held = Set.of();
    private Optional<RuntimeException> failure = Optional.empty();
    private Runnable beforeAppend = () -> {};
    private int trims;

    void refuse(Predicate<Publication> those) {
        refused = those;
    }

    /** From now on somebody holds these channels, and no others. */
    void hold(String... channels) {
        held = Set.of(channels);
    }

    void fail(LogException.Kind kind) {
        fail(new LogException(kind, "scripted", new IllegalStateException("scripted")));
    }

    void fail(RuntimeException e) {
        failure = Optional.of(e);
    }

    void recover() {
        failure = Optional.empty();
    }

    void beforeAppend(Runnable action) {
        beforeAppend = action;
    }

    List<List<Publication>> batches() {
        return batches;
    }

    synchronized int trims() {
        return trims;
    }

    @Override
    public List<Outcome> append(List<Publication> batch) {
        batches.add(batch);
        beforeAppend.run();
        if (failure.isPresent()) {
            throw failure.get();
        }
        if (batch.stream().anyMatch(refused.and(one -> !held.contains(one.channel())))) {
            throw new LogException(LogException.Kind.REFUSED, "scripted", new IllegalStateException("scripted"));
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (Publication publication : batch) {
            if (held.contains(publication.channel())) {
                outcomes.add(new Outcome.Held());
                continue;
            }
            long offset = heads.merge(publication.channel(), 1L, Long::sum);
            outcomes.add(new Outcome.Appended(new Position("scripted", offset)));
        }
        return outcomes;
    }

    @Override
    public Slice read(String channel, long after, int count, long bytes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Slice readBefore(String channel, long before, int count, long bytes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Head> heads(Collection<String> channels) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<ContentPiece> content(String channel, Position position, long from, int most) {
        throw new UnsupportedOperationException();
    }

    /** More to do twice, then a failure, then nothing more; the fifth is an error. */
    @Override
    public synchronized boolean trim(RetentionPolicies retentions) {
        trims++;
        if (trims == 3) {
            throw new LogException(LogException.Kind.UNAVAILABLE, "scripted", new IllegalStateException("scripted"));
        }
        if (trims == 5) {
            throw new NoClassDefFoundError("scripted");
        }
        return trims < 3;
    }
}
