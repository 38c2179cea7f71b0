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
import dev.parley.protocol.Lineage;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A log in memory that does as it is told: goes away, forgets, fails over, begins a new life, stores without saying so. */
public final class FakeLog implements Log {
    private final Map<String, Life> lives = new HashMap<>();
    private final List<String> reads = new ArrayList<>();
    private Optional<LogException.Kind> failure = Optional.empty();
    private Consumer<String> beforeRead = channel -> {};
    private Runnable appended = () -> {};
    private Runnable answered = () -> {};
    private int epochs;
    private int headReads;

    private static final class Life {
        Lineage lineage;
        final List<Message> messages = new ArrayList<>();
        final Map<String, Message> keys = new HashMap<>();
        boolean failedOver;
        long first = 1;

        Life(String epoch) {
            lineage = Lineage.of(epoch);
        }

        Head head() {
            return new Head(lineage, first, messages.size());
        }

        void begin(String epoch) {
            List<Lineage.Ancestor> ancestors = new ArrayList<>(lineage.ancestors());
            ancestors.add(new Lineage.Ancestor(lineage.epoch(), messages.size()));
            lineage = new Lineage(epoch, ancestors);
            failedOver = false;
        }

        void endAt(int last) {
            messages.subList(last, messages.size()).clear();
            first = Math.min(first, last + 1);
            keys.values().removeIf(message -> message.position().offset() > last);
            List<Lineage.Ancestor> ancestors = lineage.ancestors();
            for (int i = 0; i < ancestors.size(); i++) {
                if (ancestors.get(i).end() >= last) {
                    lineage = new Lineage(ancestors.get(i).epoch(), ancestors.subList(0, i));
                    break;
                }
            }
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
        Slice slice = readNow(channel, after, count);
        answered();
        return slice;
    }

    private synchronized Slice readNow(String channel, long after, int count) {
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
    public Map<String, Head> heads(Collection<String> channels) {
        Map<String, Head> heads = headsNow(channels);
        answered();
        return heads;
    }

    private void answered() {
        Runnable after;
        synchronized (this) {
            after = answered;
            answered = () -> {};
        }
        after.run();
    }

    private synchronized Map<String, Head> headsNow(Collection<String> channels) {
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
                .filter(life -> position.offset() <= life.messages.size())
                .filter(life -> life.lineage.at(position.offset()).equals(position))
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

    /** Does something once, between the next look at heads or messages and its answer. */
    public synchronized void readBeforeTold(Runnable action) {
        answered = action;
    }

    /** All before this offset is gone. */
    public synchronized void trimTo(String channel, long first) {
        lives.get(channel).first = first;
    }

    /** The channel's log is lost; the next message makes it anew. */
    public synchronized void lose(String channel) {
        lives.remove(channel);
    }

    /** An older backup of the channel's log is put in its place: it ends here, and goes on as if it were the same. */
    public synchronized void restore(String channel, int last) {
        lives.get(channel).endAt(last);
    }

    /** The database has failed over to one whose log of the channel ends here: the next message begins an epoch. */
    public synchronized void failOver(String channel, int last) {
        lives.get(channel).endAt(last);
        lives.get(channel).failedOver = true;
    }

    public synchronized Head head(String channel) {
        return lives.containsKey(channel) ? lives.get(channel).head() : Head.NONE;
    }

    /** All that is there, without a word of it. */
    public synchronized List<Message> messages(String channel) {
        return lives.containsKey(channel) ? List.copyOf(lives.get(channel).messages) : List.of();
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
        if (life.failedOver) {
            life.begin("e" + ++epochs);
        }
        Position position = new Position(life.lineage.epoch(), life.messages.size() + 1);
        Message message =
                new Message(publication.channel(), position, publication.from(), publication.at(), publication.body());
        life.messages.add(message);
        life.keys.put(key, message);
        return new Outcome.Appended(position);
    }
}
