package dev.parley.channel;

import dev.parley.api.PresenceSnapshot;
import dev.parley.log.Head;
import dev.parley.protocol.Member;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who is on a channel: a transient stream of joins and leaves beside the channel's own, and the list that they add up to.
 * One user with three connections is one member; a user whose last connection ended leaves after a time of grace, so
 * that a reconnect is no news. Thread-safe.
 */
final class Presence {
    private static final int RECENT = 1_000;
    private static final Duration RECENT_AGE = Duration.ofMinutes(1);
    private static final Duration COUNT_PAUSE = Duration.ofSeconds(1);
    private static final int LISTED = 1_000;

    private final String channel;
    private final HubSettings settings;
    private final HubExecutors executors;
    private final LiveChannel owner;
    private final RecentEntries entries;
    private final Map<String, PresentUser> users = new LinkedHashMap<>();
    private int connections;
    private boolean counting;

    private static final class PresentUser {
        Member member;
        int connections;
        int departures;

        PresentUser(Member member) {
            this.member = member;
        }
    }

    Presence(String channel, HubSettings settings, MemoryBudget budget, HubExecutors executors, LiveChannel owner) {
        this.channel = channel;
        this.settings = settings;
        this.executors = executors;
        this.owner = owner;
        long bytes = (long) RECENT * 1_024;
        this.entries = new RecentEntries(
                new Position(Position.newEpoch(), 0),
                new RecentEntries.Bounds(RECENT, bytes, RECENT_AGE, settings.inlineSize()),
                budget);
    }

    RecentEntries entries() {
        return entries;
    }

    /** Whether all that came after this place is still told. */
    boolean covers(Position place) {
        Head range = entries.range();
        return place.epoch().equals(range.epoch())
                && place.offset() >= range.first() - 1
                && place.offset() <= range.last();
    }

    Position head() {
        return entries.head();
    }

    /** Whether anybody is there, and not only in the time of grace. */
    synchronized boolean isHeld() {
        return connections > 0;
    }

    synchronized int count() {
        return users.size();
    }

    synchronized PresenceSnapshot snapshot() {
        List<Member> members = users.values().stream()
                .limit(LISTED)
                .map(present -> present.member)
                .toList();
        return new PresenceSnapshot(entries.head(), users.size(), members);
    }

    /** A connection of this user has begun to read the channel. One who is there by another name has changed it. */
    void join(Member member) {
        synchronized (this) {
            PresentUser present = users.get(member.user());
            boolean news = present == null || !present.member.equals(member);
            if (present == null) {
                present = new PresentUser(member);
                users.put(member.user(), present);
            }
            present.member = member;
            present.connections++;
            connections++;
            if (!news) {
                return;
            }
            tell(position -> new Push.Join(channel, member, position));
            owner.observer().joined(new Push.Join(channel, member, entries.head()));
        }
        owner.wake();
    }

    /**
     * A connection of this user has ceased to.
     *
     * @param grace for how long the user may be away before that is told; zero: it is told at once
     */
    void leave(Member member, Duration grace) {
        PresentUser present;
        int departure;
        synchronized (this) {
            present = users.get(member.user());
            if (present == null) {
                return;
            }
            connections--;
            if (--present.connections > 0) {
                return;
            }
            departure = ++present.departures;
        }
        if (grace.isZero()) {
            gone(present, departure);
        } else {
            executors.after(grace, () -> gone(present, departure));
        }
    }

    /** Unless the user came back; who has come and gone again since then is given the whole grace anew. */
    private void gone(PresentUser present, int departure) {
        synchronized (this) {
            if (present.connections > 0 || present.departures != departure) {
                return;
            }
            Member member = present.member;
            users.remove(member.user());
            tell(position -> new Push.Leave(channel, member, position));
            owner.observer().left(new Push.Leave(channel, member, entries.head()));
        }
        owner.wake();
        owner.vacated();
    }

    private void tell(RecentEntries.EntryAt entry) {
        if (users.size() <= settings.presenceLimit()) {
            entries.append(executors.now(), entry);
        } else if (!counting) {
            counting = true;
            executors.after(COUNT_PAUSE, this::tellCount);
        }
    }

    private void tellCount() {
        synchronized (this) {
            counting = false;
            int count = users.size();
            entries.append(executors.now(), position -> new Push.Members(channel, count, position));
        }
        owner.wake();
    }
}
