package dev.parley.connection;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.security.Identity;
import dev.parley.security.Limits;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The clients that read by one request after the other. There may be as many as connections ({@code
 * parley.limits.connections}). Thread-safe.
 */
public final class Leases {
    private final Limits limits;
    private final Pings pings;
    private final Map<Key, Lease> leases = new ConcurrentHashMap<>();

    /** A name is its user's: whoever else shows it has another lease. */
    private record Key(String user, String name) {}

    Leases(Limits limits, Pings pings) {
        this.limits = limits;
        this.pings = pings;
    }

    /**
     * A request of this client begins; it ends with its connection.
     *
     * @param name of the client's logical connection, which its requests show
     * @throws RefusedException {@code unavailable}, when there are too many
     */
    public Lease begin(Identity identity, String name, Connection connection) {
        Key key = new Key(identity.user(), name);
        Lease lease = leases.get(key);
        while (lease == null || !lease.begin(connection)) {
            if (lease != null) {
                leases.remove(key, lease);
            } else if (limits.connections() > 0 && leases.size() >= limits.connections()) {
                throw new RefusedException(
                        ErrorCode.UNAVAILABLE,
                        "The server may have " + limits.connections() + " connections (parley.limits.connections).");
            }
            lease = leases.computeIfAbsent(key, unknown -> new Lease(identity, pings.held()));
        }
        Lease begun = lease;
        connection.whenClosed(() -> begun.end(connection));
        return begun;
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
