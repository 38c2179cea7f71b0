package dev.parley.channel;

import dev.parley.api.Identity;
import dev.parley.concurrent.DrainLoop;
import dev.parley.log.Head;
import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import dev.parley.protocol.Body;
import dev.parley.protocol.Member;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A channel that somebody uses on this node: its recent end, its subscriptions, its presence. It comes with its first
 * use and leaves memory when nobody has used it for a while. Thread-safe and non-blocking.
 */
final class LiveChannel {
    /** A durable channel's recent end is only a copy, so it need not be kept for as long as the history. */
    private static final Duration RECENT_AGE = Duration.ofMinutes(5);

    private final String name;
    private final ChannelSettings settings;
    private final Hub hub;
    private final RecentEntries messages;
    private final @Nullable Presence presence;
    private final TransientKeys keys;
    private final SubscriptionSet subscriptions = new SubscriptionSet();
    private final DrainLoop deliveries;
    private boolean closed;
    private volatile Instant usedAt;

    LiveChannel(String name, ChannelSettings settings, Hub hub) {
        this.name = name;
        this.settings = settings;
        this.hub = hub;
        this.usedAt = hub.executors().now();
        this.keys = new TransientKeys(hub.budget());
        this.messages = new RecentEntries(
                settings.durable() ? Position.NONE : new Position(Position.newEpoch(), 0),
                bounds(settings, hub.settings()),
                hub.budget());
        // Where it is rejected the node is stopping: clients come back and read on from their positions
        this.deliveries = new DrainLoop(this::deliver, 1, hub.executors().delivery(), failure -> {});
        this.presence =
                settings.presence() ? new Presence(name, hub.settings(), hub.budget(), hub.executors(), this) : null;
    }

    private static RecentEntries.Bounds bounds(ChannelSettings settings, HubSettings hub) {
        return settings.durable()
                ? new RecentEntries.Bounds(hub.recentCount(), hub.recentBytes(), RECENT_AGE, hub.inlineSize())
                : new RecentEntries.Bounds(
                        settings.historySize(), hub.recentBytes(), settings.historyAge(), hub.inlineSize());
    }

    String name() {
        return name;
    }

    ChannelSettings settings() {
        return settings;
    }

    RecentEntries messages() {
        return messages;
    }

    @Nullable
    Presence presence() {
        return presence;
    }

    ChannelObserver observer() {
        return hub.observer();
    }

    CatchUpReader catchUp() {
        return hub.catchUp();
    }

    /** Reads messages whole whose JSON is only mentioned. */
    CatchUpReader wholes() {
        return hub.wholes();
    }

    /** Where it begins and ends as far as memory knows; a transient channel is nowhere else. */
    Known known() {
        return messages.known();
    }

    /**
     * Takes in a committed message; nobody is told yet.
     *
     * @return false where the log's head must tell first where the message's epoch began
     */
    boolean add(Message message) {
        return messages.add(message.position().epoch(), Entry.of(message));
    }

    /** The log's head was read; where the log has turned out to be another, whoever reads is told. */
    RecentEntries.Found found(RecentEntries.Mark mark, Head head) {
        RecentEntries.Found found = messages.found(mark, head);
        if (found.what() == RecentEntries.Finding.TURNED) {
            wake();
        }
        return found;
    }

    /** The log's head was read, on this branch; where it is further on than is known, whoever reads is told. */
    void advance(Known known) {
        if (messages.advance(known.branch(), known.head())) {
            wake();
        }
    }

    /** Whether it has a log, and somebody here reads it. */
    boolean isRead() {
        return settings.durable() && !subscriptions.isEmpty();
    }

    /** Publishes on a transient channel; empty when it has just left memory and must be asked for anew. */
    Optional<Outcome> publish(Publication publication) {
        Outcome outcome;
        synchronized (this) {
            if (closed) {
                return Optional.empty();
            }
            Optional<Outcome> repeated = keys.repeated(publication);
            if (repeated.isPresent()) {
                return repeated;
            }
            Position position = messages.append(
                    publication.at(),
                    at -> new Message(name, at, publication.from(), publication.at(), publication.body()));
            keys.remember(publication, position);
            Body body = publication.body().inline(hub.settings().inlineSize());
            hub.observer().published(new Message(name, position, publication.from(), publication.at(), body));
            outcome = new Outcome.Appended(position);
            usedAt = hub.executors().now();
        }
        wake();
        return Optional.of(outcome);
    }

    /** Keeps the channel in memory for this subscription; false when it has just been given up. */
    synchronized boolean register(Subscription subscription) {
        usedAt = hub.executors().now();
        return !closed && subscriptions.add(subscription);
    }

    void joined(Member member) {
        if (presence != null && isShown(member)) {
            presence.join(member);
        }
    }

    /** @param grace for how long the user may be away before that is told */
    void left(Member member, Duration grace) {
        if (presence != null && isShown(member)) {
            presence.leave(member, grace);
        }
    }

    /**
     * @param joined whether the user was told to be present
     * @param grace for how long the user may be away before that is told
     */
    void remove(Subscription subscription, boolean joined, Duration grace) {
        if (subscriptions.remove(subscription)) {
            usedAt = hub.executors().now();
            if (joined) {
                left(subscription.member(), grace);
            }
            vacated();
        }
    }

    /** Somebody has gone: a channel that holds nothing goes with the last. */
    void vacated() {
        if (mayLeave(true)) {
            hub.leave(this);
        }
    }

    /** Whether nobody needs it here: at all, or where it holds nothing that whoever comes next would miss. */
    private boolean mayLeave(boolean empty) {
        if (!subscriptions.isEmpty() || (presence != null && presence.isHeld())) {
            return false;
        }
        return !empty || (holdsNothing() && (presence == null || presence.count() == 0));
    }

    /** A channel to which nothing was published: no log has it, and there is nothing in memory. */
    boolean holdsNothing() {
        Head range = messages.range();
        return settings.durable() ? messages.branch().isEmpty() : range.first() > range.last();
    }

    /**
     * Takes nobody in any more, unless somebody uses it just now.
     *
     * @param empty only if whoever comes next would miss nothing
     */
    synchronized boolean leave(boolean empty) {
        if (!closed && mayLeave(empty)) {
            close();
        }
        return closed;
    }

    Instant usedAt() {
        return usedAt;
    }

    /** The server itself reads, and is not there. */
    private static boolean isShown(Member member) {
        return !member.equals(Identity.SERVER.member());
    }

    Duration presenceGrace() {
        return hub.settings().presenceGrace();
    }

    /** Tells every subscription that there may be something, on a thread for that; what comes meanwhile adds a turn. */
    void wake() {
        deliveries.schedule();
    }

    /** The same for some of them. */
    void wake(List<Subscription> some) {
        try {
            hub.executors().delivery().execute(() -> some.forEach(Subscription::wake));
        } catch (RejectedExecutionException e) {
            return; // as above
        }
    }

    /** One round through all; a busy channel then waits for its next turn behind the others. */
    private boolean deliver() {
        for (Subscription subscription : subscriptions.now()) {
            subscription.wake();
        }
        return false;
    }

    /** Gives up what is too old, and itself when nobody has used it since then. */
    synchronized boolean expire(Instant now, Instant idleSince) {
        messages.expire(now);
        if (presence != null) {
            presence.entries().expire(now);
        }
        boolean idle = subscriptions.isEmpty()
                && usedAt.isBefore(idleSince)
                && (presence == null || presence.count() == 0)
                && (settings.durable()
                        || messages.range().first() > messages.range().last());
        if (idle) {
            close();
        }
        return idle;
    }

    /** Takes nobody in any more, and gives back all memory. */
    synchronized void close() {
        closed = true;
        messages.close();
        keys.close();
        if (presence != null) {
            presence.entries().close();
        }
    }

    synchronized boolean isClosed() {
        return closed;
    }
}
