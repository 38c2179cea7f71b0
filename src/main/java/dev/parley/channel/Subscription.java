package dev.parley.channel;

import dev.parley.api.PresenceSnapshot;
import dev.parley.concurrent.FailureLog;
import dev.parley.protocol.Lineage;
import dev.parley.protocol.Member;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A connection's cursor over a channel, and one over its presence. It holds places and no messages, so a client that
 * reads slowly costs nothing here.
 *
 * <p>It is made by {@link HubChannels#subscribe}, which says where it begins; nothing comes before {@link #start}, so that
 * the reply can leave first. From then on {@link Subscriber#ready} tells when to {@link #next take} what follows.
 * {@code next} is called by one thread at a time; all else by any.
 *
 * <p>The hard cases: the history passes the cursor of a client that stands still. Then {@code next} gives a notice of
 * what is lost, once, and goes on behind the hole. Or the log turns out to be another {@link Branch}: then it gives a notice
 * of what the log has forgotten, if the cursor is beyond what both have, and goes on from there.
 */
public final class Subscription {
    private static final FailureLog FAILURES = new FailureLog(System.getLogger(Subscription.class.getName()));

    private final LiveChannel channel;
    private final Member member;
    private final Representation representation;
    private final Subscriber subscriber;
    private final Reply.Started started;
    private final Branch startedOn;
    // Those who look from other threads read the branch first, so the offset on another is written before it.
    private volatile Branch branch;
    private volatile long offset;
    private volatile @Nullable Position presence;
    private volatile boolean hidesPresence;
    private boolean seen;

    // Used in next alone: what is being made for this reader, of messages and of presence.
    private @Nullable PendingBatch awaited;
    private @Nullable PendingBatch awaitedPresence;

    private volatile State state = State.NEW;

    private enum State {
        NEW,
        STARTED,
        CLOSED
    }

    /** Where it begins. */
    record Start(Reply.Started started, Branch branch) {}

    Subscription(
            LiveChannel channel, Member member, Representation representation, Subscriber subscriber, Start start) {
        this.channel = channel;
        this.member = member;
        this.representation = representation;
        this.subscriber = subscriber;
        this.started = start.started();
        this.startedOn = start.branch();
        this.branch = startedOn;
        this.offset = started.position().offset();
        Presence presences = channel.presence();
        this.presence = presences == null ? null : presences.head();
    }

    public String channel() {
        return channel.name();
    }

    /** Where it began, and whether something before that is gone. */
    public Reply.Started started() {
        return started;
    }

    /**
     * From now on the subscriber is told what comes, and the user is present. It is told also who came since the
     * subscription was made: others may know of that by then.
     */
    public void start() {
        synchronized (this) {
            if (state != State.NEW) {
                return;
            }
            state = State.STARTED;
            seen = true;
            channel.joined(member);
        }
        wake();
    }

    /**
     * From now on the subscriber is told what comes. Whether the user is present is for an
     * {@link #registerPresence registration} to say, which may outlast this subscription.
     *
     * @param presenceAfter the joins and leaves after this place are told, where this node has them all
     * @return else who is there, and the joins and leaves after that are told; empty also where the reader may not see it
     */
    public Optional<PresenceSnapshot> startWithoutPresence(Optional<Position> presenceAfter) {
        Optional<PresenceSnapshot> snapshot = Optional.empty();
        synchronized (this) {
            if (state != State.NEW) {
                return Optional.empty();
            }
            Presence presences = channel.presence();
            if (presences != null && !hidesPresence) {
                Optional<Position> place = presenceAfter.filter(presences::covers);
                snapshot = place.isPresent() ? Optional.empty() : Optional.of(presences.snapshot());
                presence =
                        snapshot.map(PresenceSnapshot::position).or(() -> place).orElseThrow();
            }
            state = State.STARTED;
        }
        wake();
        return snapshot;
    }

    /** The user is present on the channel from now on, for as long as this is open. */
    public PresenceRegistration registerPresence() {
        return new PresenceRegistration(channel, member);
    }

    /** The user may come back within the time of grace, and that is no news. */
    public void close() {
        close(channel.presenceGrace());
    }

    /** The user is to be seen to be gone at once. */
    public void closeAtOnce() {
        close(Duration.ZERO);
    }

    private synchronized void close(Duration grace) {
        channel.remove(this, seen, grace);
        state = State.CLOSED;
    }

    /**
     * Everything since the cursor that fits, and moves the cursor past it.
     *
     * @return empty when there is nothing now; the subscriber is told when that changes
     */
    public Optional<Batch> next(BatchLimit limit) {
        if (state != State.STARTED) {
            return Optional.empty();
        }
        Batch batch = message(limit);
        return Optional.ofNullable(batch == null ? presence(limit) : batch);
    }

    /** From now on the reader may not see who is there. It is itself seen all the same. */
    public void hidePresence() {
        hidesPresence = true;
    }

    /** Whether {@link #next} may give something: false only where the subscriber will be told when that changes. */
    public boolean mayHaveMore() {
        return presence != null || offset != channel.messages().lastOffset();
    }

    private boolean hasTurned() {
        return branch != channel.messages().branch();
    }

    /** Where the cursor stands: what follows was not taken yet. */
    public Position position() {
        return place(here -> offset);
    }

    private Position place(ToLongFunction<Branch> offsetOn) {
        while (true) {
            Branch here = branch;
            long at = offsetOn.applyAsLong(here);
            if (here == branch) {
                return here.lineage.at(at);
            }
        }
    }

    /** The epochs from which the one it reads has come. */
    public List<Lineage.Ancestor> ancestors() {
        return branch.lineage.ancestors();
    }

    /** The same of the cursor over its presence, where the reader sees that. */
    public Optional<Position> presencePosition() {
        return Optional.ofNullable(hidesPresence ? null : presence);
    }

    /** The channel's newest message, as far as this node knows; not before the cursor. */
    public Position head() {
        return place(here -> Math.max(offset, lastKnown(here)));
    }

    /** The last offset of a branch that is still the log's as far as this node knows; else 0. */
    private long lastKnown(Branch here) {
        Known known = channel.messages().known();
        long last = known.branch() == here ? known.head().last() : 0;
        return here == startedOn ? Math.max(last, started.head().offset()) : last;
    }

    /** Whether there is no message after the cursor. */
    public boolean isAtEnd() {
        return offset >= channel.messages().lastOffset() && !hasTurned();
    }

    /** Whether all was taken that the channel held when the cursor began, as far as its log has not forgotten it. */
    boolean isCaughtUp() {
        return branch == startedOn ? offset >= started.head().offset() : isAtEnd();
    }

    Member member() {
        return member;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** What the subscriber throws is its own fault, and must not reach the others of the channel. */
    void wake() {
        if (state == State.STARTED) {
            try {
                subscriber.ready(this);
            } catch (Throwable e) {
                FAILURES.failed("A subscriber failed", e);
            }
        }
    }

    /** Wakes these, all of this channel, on a thread for that. */
    void wakeAll(List<Subscription> some) {
        channel.wake(some);
    }

    private @Nullable Batch message(BatchLimit limit) {
        while (true) {
            PendingBatch before = awaited;
            ReadResult result = before == null ? read(limit) : before;
            if (result instanceof PendingBatch pending) {
                boolean ready = isReady(pending, before);
                awaited = ready ? null : pending;
                result = ready ? pending.take() : null;
            }
            if (result == null || result == ReadResult.Gap.NOTHING) {
                return null;
            }
            if (result instanceof Batch batch) {
                offset = batch.end();
                if (!batch.pieces().isEmpty()) {
                    return batch;
                }
            }
        }
    }

    private @Nullable ReadResult read(BatchLimit limit) {
        ReadResult result = channel.messages().read(branch, offset, representation, limit);
        if (result == ReadResult.Gap.OTHER_BRANCH) {
            return otherBranch();
        }
        ReadResult found = result == ReadResult.Gap.BEHIND ? behind(limit) : result;
        return found == ReadResult.Gap.MENTIONED ? whole(limit) : found;
    }

    /** Whoever waits for it already is woken once. */
    private boolean isReady(PendingBatch pending, @Nullable PendingBatch before) {
        return pending == before ? pending.isDone() : pending.isReadyFor(this);
    }

    /** Goes on from the last place that the log has in common with what was read; empty where that is here. */
    private ReadResult otherBranch() {
        Position here = position();
        Branch.Place place = branch.follow(offset);
        offset = place.offset();
        branch = place.branch();
        if (place.forgotten()) {
            // All that the log holds now is new to this client
            return notice(new Push.Lost(channel.name(), Optional.empty()), offset);
        }
        if (offset < here.offset()) {
            Push.Range range = new Push.Range(here.at(offset), here.at(here.offset() + 1));
            return notice(new Push.Forgotten(channel.name(), range, ancestors()), offset);
        }
        return new Batch(List.of(), offset, 0);
    }

    private @Nullable ReadResult behind(BatchLimit limit) {
        if (!channel.settings().durable()) {
            // What was read whole for this reader may be given up by the channel meanwhile
            Optional<CatchUpPage> page =
                    representation.wantsWhole() ? channel.wholes().kept(channel, branch, offset) : Optional.empty();
            return page.filter(whole -> whole.first() == offset + 1)
                    .<ReadResult>map(whole -> whole.batchAsItIs(offset, representation, limit))
                    .orElseGet(() -> lost(channel.messages().first()));
        }
        CatchUpPage page = channel.catchUp().page(channel, branch, offset, this).orElse(null);
        if (page == null) {
            return null;
        }
        return page.first() > offset + 1 ? lost(page.first()) : page.batch(offset, representation, limit);
    }

    private @Nullable ReadResult whole(BatchLimit limit) {
        CatchUpPage page = channel.wholes().page(channel, branch, offset, this).orElse(null);
        if (page == null) {
            return null;
        }
        return page.first() > offset + 1 ? lost(page.first()) : page.batchAsItIs(offset, representation, limit);
    }

    private ReadResult lost(long before) {
        Push.Range range = new Push.Range(position(), branch.lineage.at(before));
        return notice(new Push.Lost(channel.name(), Optional.of(range)), before - 1);
    }

    private ReadResult notice(Push push, long end) {
        if (representation.threads().isPresent()) {
            EntryRun run = new EntryRun(List.of(new Entry(push, end, Instant.EPOCH)));
            return new PendingBatch(representation, run, BatchLimit.of(Integer.MAX_VALUE), end);
        }
        return representation
                .encode(push)
                .map(piece -> Batch.of(piece, end))
                .orElseGet(() -> new Batch(List.of(), end, 0));
    }

    private @Nullable Batch presence(BatchLimit limit) {
        Presence presences = channel.presence();
        Position here = presence;
        while (presences != null && here != null && !hidesPresence) {
            PendingBatch before = awaitedPresence;
            ReadResult result = before == null ? read(presences, here, limit) : before;
            if (result instanceof PendingBatch pending) {
                boolean ready = isReady(pending, before);
                awaitedPresence = ready ? null : pending;
                result = ready ? pending.take() : ReadResult.Gap.NOTHING;
            }
            if (!(result instanceof Batch batch)) {
                return null;
            }
            here = here.at(batch.end());
            presence = here;
            if (!batch.pieces().isEmpty()) {
                return batch;
            }
        }
        return null;
    }

    private ReadResult read(Presence presences, Position here, BatchLimit limit) {
        ReadResult result =
                presences.entries().read(presences.entries().branch(), here.offset(), representation, limit);
        return result == ReadResult.Gap.BEHIND ? missed(presences) : result;
    }

    /** Joins and leaves are not kept for long: who missed some is told how many are there now, and may ask who. */
    private ReadResult missed(Presence presences) {
        Position head = presences.head();
        return notice(new Push.Members(channel.name(), presences.count(), head), head.offset());
    }
}
