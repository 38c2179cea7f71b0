package dev.parley.channel;

import dev.parley.log.Head;
import dev.parley.protocol.Member;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who is on a channel: a transient feed of joins and leaves beside the channel's own, and the list that they add up to.
 * One user with three connections is one member; a user whose last connection ended leaves after a time of grace, so
 * that a reconnect is no news. Safe for several threads.
 */
final class Presence {
    private static final int RECENT = 1_000;
    private static final Duration RECENT_AGE = Duration.ofMinutes(1);
    private static final Duration COUNT_PAUSE = Duration.ofSeconds(1);
    private static final int LISTED = 1_000;

    private final String channel;
    private final HubSettings settings;
    private final HubThreads threads;
    private final LiveChannel owner;
    private final Feed feed;
    private final Map<String, Seat> seats = new LinkedHashMap<>();
    private boolean counting;

    private static final class Seat {
        Member member;
        int connections;
        int departures;

        Seat(Member member) {
            this.member = member;
        }
    }

    Presence(String channel, HubSettings settings, MemoryBudget budget, HubThreads threads, LiveChannel owner) {
        this.channel = channel;
        this.settings = settings;
        this.threads = threads;
        this.owner = owner;
        long bytes = (long) RECENT * 1_024;
        this.feed = new Feed(new Position(Position.newEpoch(), 0), new Feed.Bounds(RECENT, bytes, RECENT_AGE), budget);
    }

    Feed feed() {
        return feed;
    }

    /** Whether all that came after this place is still told. */
    boolean covers(Position place) {
        Head range = feed.range();
        return place.epoch().equals(range.epoch())
                && place.offset() >= range.first() - 1
                && place.offset() <= range.last();
    }

    Position head() {
        return feed.head();
    }

    synchronized int count() {
        return seats.size();
    }

    synchronized PresenceSnapshot snapshot() {
        List<Member> members =
                seats.values().stream().limit(LISTED).map(seat -> seat.member).toList();
        return new PresenceSnapshot(feed.head(), seats.size(), members);
    }

    /** A connection of this user has begun to read the channel. One who is there by another name has changed it. */
    void join(Member member) {
        synchronized (this) {
            Seat seat = seats.get(member.user());
            boolean news = seat == null || !seat.member.equals(member);
            if (seat == null) {
                seat = new Seat(member);
                seats.put(member.user(), seat);
            }
            seat.member = member;
            seat.connections++;
            if (!news) {
                return;
            }
            tell(position -> new Push.Join(channel, member, position));
            owner.witness().joined(new Push.Join(channel, member, feed.head()));
        }
        owner.wake();
    }

    /**
     * A connection of this user has ceased to.
     *
     * @param grace for how long the user may be away before that is told; zero: it is told at once
     */
    void leave(Member member, Duration grace) {
        Seat seat;
        int departure;
        synchronized (this) {
            seat = seats.get(member.user());
            if (seat == null || --seat.connections > 0) {
                return;
            }
            departure = ++seat.departures;
        }
        if (grace.isZero()) {
            gone(seat, departure);
        } else {
            threads.after(grace, () -> gone(seat, departure));
        }
    }

    /** Unless the user came back; who has come and gone again since then is given the whole grace anew. */
    private void gone(Seat seat, int departure) {
        synchronized (this) {
            if (seat.connections > 0 || seat.departures != departure) {
                return;
            }
            Member member = seat.member;
            seats.remove(member.user());
            tell(position -> new Push.Leave(channel, member, position));
            owner.witness().left(new Push.Leave(channel, member, feed.head()));
        }
        owner.wake();
    }

    private void tell(Feed.EntryAt entry) {
        if (seats.size() <= settings.presenceLimit()) {
            feed.append(threads.now(), entry);
        } else if (!counting) {
            counting = true;
            threads.after(COUNT_PAUSE, this::tellCount);
        }
    }

    private void tellCount() {
        synchronized (this) {
            counting = false;
            int count = seats.size();
            feed.append(threads.now(), position -> new Push.Members(channel, count, position));
        }
        owner.wake();
    }
}
