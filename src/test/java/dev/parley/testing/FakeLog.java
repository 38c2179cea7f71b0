package dev.parley.testing;

import dev.parley.log.ContentPiece;
import dev.parley.log.Head;
import dev.parley.log.Log;
import dev.parley.log.LogException;
import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import dev.parley.log.RetentionPolicies;
import dev.parley.log.Slice;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A log in memory that does as it is told: goes away, forgets, begins a new life, stores without saying so. */
public final class FakeLog implements Log {
    private final Map<String, Life> lives = new HashMap<>();
    private final List<String> reads = new ArrayList<>();
    private Optional<LogException.Kind> failure = Optional.empty();
    private Consumer<String> beforeRead = channel -> {};
    private Runnable appended = () -> {};
    private int epochs;
    private int headReads;

    private static final class Life {
        final String epoch;
        final List<Message> messages = new ArrayList<>();
        final Map<String, Message> keys = new HashMap<>();
        long first = 1;

        Life(String epoch) {
            this.epoch = epoch;
        }

        Head head() {
            return new Head(epoch, first, messages.size());
        }
    }

    @Override
    public List<Outcome> append(List<Publication> batch) {
        List<Outcome> outcomes;
        Runnable after;
        synchronized (this) {
            if (failure.equals(Optional.of(LogException.Kind.IN_DOUBT))) {
                batch.forEach(this::store);
            }
            failIfToldTo();
            outcomes = batch.stream().map(this::store).toList();
            after = appended;
            appended = () -> {};
        }
        after.run();
        return outcomes;
    }

    @Override
    public Slice read(String channel, long after, int count, long bytes) {
        Consumer<String> before;
        synchronized (this) {
            reads.add(channel + ":" + after);
            before = beforeRead;
        }
        before.accept(channel);
        synchronized (this) {
            failIfToldTo();
            Life life = lives.get(channel);
            if (life == null) {
                return new Slice(Head.NONE, List.of());
            }
            long from = Math.max(after + 1, life.first);
            List<Message> messages = new ArrayList<>();
            for (long offset = from; offset <= life.messages.size() && messages.size() < count; offset++) {
                messages.add(life.messages.get((int) offset - 1));
            }
            return new Slice(life.head(), messages);
        }
    }

    @Override
    public synchronized Slice readBefore(String channel, long before, int count, long bytes) {
        failIfToldTo();
        Life life = lives.get(channel);
        if (life == null) {
            return new Slice(Head.NONE, List.of());
        }
        long to = Math.min(before - 1, life.messages.size());
        long from = Math.max(life.first, to - count + 1);
        return new Slice(life.head(), from > to ? List.of() : life.messages.subList((int) from - 1, (int) to));
    }

    @Override
    public synchronized Map<String, Head> heads(Collection<String> channels) {
        headReads++;
        failIfToldTo();
        Map<String, Head> heads = new HashMap<>();
        for (String channel : channels) {
            if (lives.containsKey(channel)) {
                heads.put(channel, lives.get(channel).head());
            }
        }
        return heads;
    }

    @Override
    public synchronized Optional<ContentPiece> content(String channel, Position position, long from, int most) {
        failIfToldTo();
        return Optional.ofNullable(lives.get(channel))
                .filter(life -> life.epoch.equals(position.epoch()))
                .map(life -> life.messages.get((int) position.offset() - 1).body())
                .filter(body -> body instanceof Body.Binary)
                .map(body -> ContentPiece.of((Body.Binary) body, from, most));
    }

    @Override
    public boolean trim(RetentionPolicies retentions) {
        return false;
    }

    /** From now on every call fails in this way; in doubt, what is appended is stored all the same. */
    public synchronized void fail(LogException.Kind kind) {
        failure = Optional.of(kind);
    }

    public synchronized void heal() {
        failure = Optional.empty();
    }

    /** Does something between the call of a read and its look at the messages. */
    public synchronized void beforeRead(Consumer<String> action) {
        beforeRead = action;
    }

    /** Does something once, between the next append's commit and its return. */
    public synchronized void appendedBeforeTold(Runnable action) {
        appended = action;
    }

    /** All before this offset is gone. */
    public synchronized void trimTo(String channel, long first) {
        lives.get(channel).first = first;
    }

    /** The channel's log is lost; the next message makes it anew. */
    public synchronized void lose(String channel) {
        lives.remove(channel);
    }

    /** An older backup of the channel's log is put in its place: it ends here. */
    public synchronized void restore(String channel, int last) {
        Life life = lives.get(channel);
        life.messages.subList(last, life.messages.size()).clear();
    }

    public synchronized Head head(String channel) {
        return lives.containsKey(channel) ? lives.get(channel).head() : Head.NONE;
    }

    /** Where pages were read, as {@code channel:after}, since this was last asked. */
    public synchronized List<String> takeReads() {
        List<String> taken = List.copyOf(reads);
        reads.clear();
        return taken;
    }

    public synchronized int headReads() {
        return headReads;
    }

    private void failIfToldTo() {
        failure.ifPresent(kind -> {
            throw new LogException(kind, "as the test wants it", new IllegalStateException());
        });
    }

    private Outcome store(Publication publication) {
        Life life = lives.computeIfAbsent(publication.channel(), channel -> new Life("e" + ++epochs));
        String key = publication.from().user() + '\0' + publication.key().orElse("");
        Message earlier = publication.key().isPresent() ? life.keys.get(key) : null;
        if (earlier != null) {
            return earlier.body().equals(publication.body())
                    ? new Outcome.Repeated(earlier.position())
                    : new Outcome.Refused(ErrorCode.KEY_REUSED);
        }
        Position position = new Position(life.epoch, life.messages.size() + 1);
        Message message =
                new Message(publication.channel(), position, publication.from(), publication.at(), publication.body());
        life.messages.add(message);
        life.keys.put(key, message);
        return new Outcome.Appended(position);
    }
}
