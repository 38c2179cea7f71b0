package dev.parley.connection;

import dev.parley.api.Identity;
import dev.parley.channel.PresenceRegistration;
import dev.parley.channel.Subscription;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.Position;
import dev.parley.security.SharedBudget;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One client that reads by one request after the other: on which channels it is present, and how much of their joins
 * and leaves it was told. It holds for {@link Pings#held} after its last request has ended. Thread-safe.
 */
public final class Lease {
    private final Identity identity;
    private final Duration held;
    private final SharedBudget.Reservation place;
    private final Map<String, ChannelLease> channels = new HashMap<>(2);
    private final Set<Connection> requests = new HashSet<>(2);
    private long idleSince = System.nanoTime();
    private boolean ended;

    private static final class ChannelLease {
        private final Identity identity;
        private final PresenceRegistration registration;
        private @Nullable Position told;

        ChannelLease(Identity identity, PresenceRegistration registration) {
            this.identity = identity;
            this.registration = registration;
        }
    }

    /** @param place among all leases, given back when it has ended */
    Lease(Identity identity, Duration held, SharedBudget.Reservation place) {
        this.identity = identity;
        this.held = held;
        this.place = place;
    }

    Identity identity() {
        return identity;
    }

    /** A request begins; false when the lease has just ended, and another must be asked for. */
    synchronized boolean begin(Connection connection) {
        return !ended && requests.add(connection);
    }

    void end(Connection connection) {
        synchronized (this) {
            requests.remove(connection);
            idleSince = System.nanoTime();
        }
    }

    /** What is read now: the client is present there, and no longer on what it read before. */
    public void reads(List<Subscription> subscriptions, Identity reader) {
        Map<String, ChannelLease> left;
        synchronized (this) {
            if (ended) {
                return;
            }
            left = new HashMap<>(channels);
            for (Subscription subscription : subscriptions) {
                ChannelLease known = channels.get(subscription.channel());
                if (known != null && known.identity.member().equals(reader.member())) {
                    left.remove(subscription.channel());
                } else {
                    // By another name the user joins anew, before the old registration is closed
                    channels.put(subscription.channel(), new ChannelLease(reader, subscription.registerPresence()));
                }
            }
            left.forEach(channels::remove);
        }
        left.values().forEach(lease -> lease.registration.close());
    }

    /** Up to where the client was told who comes and goes; empty when nobody knows. */
    public synchronized Optional<Position> told(String channel) {
        ChannelLease lease = channels.get(channel);
        return lease == null ? Optional.empty() : Optional.ofNullable(lease.told);
    }

    /** @param upTo empty: nobody knows what the client was told */
    public synchronized void tell(String channel, Optional<Position> upTo) {
        ChannelLease lease = channels.get(channel);
        if (lease != null) {
            lease.told = upTo.orElse(null);
        }
    }

    /** The client leaves at once, and what it still waits for ends. */
    void end() {
        end(DisconnectCode.NORMAL);
    }

    /** The same, and why. */
    void end(DisconnectCode code) {
        Set<Connection> open;
        synchronized (this) {
            open = new HashSet<>(requests);
        }
        leaveAll();
        open.forEach(connection -> connection.close(code));
    }

    /** The client is gone from everywhere; why what it waits for ends, it is told otherwise. */
    void leaveAll() {
        Map<String, ChannelLease> left;
        synchronized (this) {
            ended = true;
            left = new HashMap<>(channels);
            channels.clear();
        }
        place.giveAll();
        left.values().forEach(lease -> lease.registration.close());
    }

    void leave(String channel) {
        ChannelLease lease;
        synchronized (this) {
            lease = channels.remove(channel);
        }
        if (lease != null) {
            lease.registration.close();
        }
    }

    /** Ends it if it is over; true when it has ended. */
    boolean check(long now) {
        synchronized (this) {
            if (!ended && (!requests.isEmpty() || now - idleSince < held.toNanos())) {
                return false;
            }
        }
        end();
        return true;
    }
}
