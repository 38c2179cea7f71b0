package dev.parley.connection;

import dev.parley.api.Identity;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.security.Holder;
import dev.parley.security.Limits;
import dev.parley.security.SharedBudget;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The clients that read by one request after the other. There may be as many as connections ({@code
 * parley.limits.connections}); when there are, and another comes, who has most of them loses the oldest. Thread-safe.
 */
public final class Leases {
    private final Limits limits;
    private final Pings pings;
    private final Executor blocking;
    private final SharedBudget places;
    private final Map<Key, Lease> leases = new ConcurrentHashMap<>();

    /** A name is its user's: whoever else shows it has another lease. */
    private record Key(String user, String name) {}

    /** @param blocking may wait for those who are told that a lease has ended */
    Leases(Limits limits, Pings pings, Executor blocking) {
        this.limits = limits;
        this.pings = pings;
        this.blocking = blocking;
        this.places = new SharedBudget(limits.connections() > 0 ? limits.connections() : Long.MAX_VALUE);
    }

    /**
     * A request of this client begins; it ends with its connection.
     *
     * @param holder whose share of the places it takes
     * @param name of the client's logical connection, which its requests show; one that the server gave
     * @throws RefusedException {@code unavailable}, when there are too many and nobody has more of them
     */
    public Lease begin(Identity identity, Holder holder, String name, Connection connection) {
        Key key = new Key(identity.user(), name);
        Lease lease = leases.get(key);
        while (lease == null || !lease.begin(connection)) {
            if (lease != null) {
                leases.remove(key, lease);
            }
            lease = open(key, identity, holder);
        }
        Lease begun = lease;
        connection.whenClosed(() -> begun.end(connection));
        return begun;
    }

    /** A new one, unless another request of the client has just made one. */
    private Lease open(Key key, Identity identity, Holder holder) {
        AtomicReference<@Nullable Lease> opened = new AtomicReference<>();
        SharedBudget.Reservation place = places.open(holder, () -> blocking.execute(() -> evict(key, opened.get())));
        if (!place.take(1)) {
            throw new RefusedException(
                    ErrorCode.UNAVAILABLE,
                    "The server may have " + limits.connections() + " connections (parley.limits.connections).");
        }
        Lease fresh = new Lease(identity, pings.held(), place);
        opened.set(fresh);
        Lease known = leases.putIfAbsent(key, fresh);
        if (known != null) {
            place.giveAll();
            return known;
        }
        if (place.isEnded()) {
            evict(key, fresh);
        }
        return fresh;
    }

    private void evict(Key key, @Nullable Lease lease) {
        if (lease != null && leases.remove(key, lease)) {
            lease.end(DisconnectCode.OVERLOADED);
        }
    }

    /** The client leaves at once. */
    public void end(Identity identity, String name) {
        Lease lease = leases.remove(new Key(identity.user(), name));
        if (lease != null) {
            lease.end();
        }
    }

    /** Whether the client reads by this name, or has done so of late. */
    boolean include(Identity identity, String name) {
        return leases.containsKey(new Key(identity.user(), name));
    }

    /** How many clients hold one. */
    public int size() {
        return leases.size();
    }

    /** Of those who are no longer let in. */
    void end(Predicate<Identity> withdrawn) {
        leases.values().stream()
                .filter(lease -> withdrawn.test(lease.identity()))
                .forEach(Lease::leaveAll);
    }

    void leave(String user, String channel) {
        leases.forEach((key, lease) -> {
            if (key.user().equals(user)) {
                lease.leave(channel);
            }
        });
    }

    void check(long now) {
        leases.values().removeIf(lease -> lease.check(now));
    }
}
