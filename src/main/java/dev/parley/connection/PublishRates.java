package dev.parley.connection;

import dev.parley.api.Identity;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.security.Holder;
import dev.parley.security.PublishRate;
import dev.parley.security.RateLimit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many bytes are published: by each connection, by each user who is no guest, and from each address, as fast as {@code
 * parley.limits.publish-bytes-per-second} says. Whoever opens many connections, or is many guests, publishes no more than
 * one. Thread-safe.
 */
final class PublishRates {
    private static final double NANOS = 1e9;

    private final PublishRate limit;
    private final long full;
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

    private static final class Bucket {
        final RateLimit rate;
        long takenAt;

        Bucket(PublishRate limit, long now) {
            this.rate = new RateLimit(limit.bytesPerSecond(), limit.burst(), now);
            this.takenAt = now;
        }

        synchronized boolean take(long now, long bytes) {
            takenAt = now;
            return rate.take(now, bytes);
        }

        synchronized boolean has(long now, long bytes) {
            boolean has = rate.take(now, bytes);
            if (has) {
                rate.give(bytes);
            }
            return has;
        }

        synchronized void give(long bytes) {
            rate.give(bytes);
        }

        synchronized long idleFor(long now) {
            return now - takenAt;
        }
    }

    PublishRates(PublishRate limit) {
        this.limit = limit;
        this.full = limit.bytesPerSecond() == 0 ? 0 : (long) (NANOS * limit.burst() / limit.bytesPerSecond());
    }

    /**
     * Counts a message; one that is refused is not counted.
     *
     * @throws RefusedException {@code too-many-publishes}
     */
    void count(Identity from, Publisher publisher, long bytes, long now) {
        if (limit.bytesPerSecond() == 0) {
            return;
        }
        List<Bucket> taken = new ArrayList<>();
        for (String name : names(from, publisher)) {
            Bucket bucket = buckets.computeIfAbsent(name, unknown -> new Bucket(limit, now));
            if (!bucket.take(now, bytes)) {
                taken.forEach(other -> other.give(bytes));
                throw tooMany();
            }
            taken.add(bucket);
        }
    }

    /**
     * Looks whether a message of an address would be refused now, before it has come.
     *
     * @throws RefusedException {@code too-many-publishes}
     */
    void require(String address, long bytes, long now) {
        Bucket bucket = buckets.get(Holder.ofAddress(address).name());
        if (bucket != null && !bucket.has(now, bytes)) {
            throw tooMany();
        }
    }

    private RefusedException tooMany() {
        return new RefusedException(
                ErrorCode.TOO_MANY_PUBLISHES,
                "The limit is " + limit.bytesPerSecond() + " bytes a second of a connection, a user, and an address"
                        + " (parley.limits.publish-bytes-per-second).");
    }

    /** Forgets who could be new: the bucket is full again. */
    void check(long now) {
        buckets.values().removeIf(bucket -> bucket.idleFor(now) > full);
    }

    int size() {
        return buckets.size();
    }

    /** A guest's is the address's: anyone may be ever new guests. */
    private static Set<String> names(Identity from, Publisher publisher) {
        Set<String> names = new LinkedHashSet<>();
        names.add(publisher.countedAs());
        Optional<String> address = publisher.address();
        if (address.isPresent()) {
            names.add(Holder.of(from, address.get()).name());
            names.add(Holder.ofAddress(address.get()).name());
        } else if (!from.isGuest()) {
            names.add(Holder.of(from, "").name());
        }
        return names;
    }
}
