package dev.parley.connection;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.security.Holder;
import dev.parley.security.Limits;
import dev.parley.security.RateLimit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How fast clients ask who send one request after the other: each connection by the name that the server gave it as fast as
 * one WebSocket may ({@code parley.limits.commands-per-second}), and all of an address together that show none. Who shows
 * ever new names is one without, once there are as many names as there may be connections. Thread-safe.
 */
public final class RequestRates {
    private static final double NANOS = 1e9;

    private final Limits limits;
    private final long full;
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

    private static final class Bucket {
        final RateLimit rate;
        long takenAt;

        Bucket(RateLimit rate, long now) {
            this.rate = rate;
            this.takenAt = now;
        }

        synchronized boolean take(long now) {
            takenAt = now;
            return rate.take(now);
        }

        synchronized long idleFor(long now) {
            return now - takenAt;
        }
    }

    RequestRates(Limits limits) {
        this.limits = limits;
        this.full = limits.commandsPerSecond() == 0 ? 0 : (long) (NANOS * limits.burst() / limits.commandsPerSecond());
    }

    /**
     * Counts a request.
     *
     * @param name of its connection, where it shows one that the server gave
     * @throws RefusedException {@code too-many-commands}
     */
    public void count(String address, Optional<String> name) {
        if (limits.commandsPerSecond() == 0) {
            return;
        }
        long now = System.nanoTime();
        // No address begins so
        String key = name.map(text -> "=" + text)
                .filter(this::mayHaveOne)
                .orElseGet(() -> Holder.ofAddress(address).name());
        Bucket bucket = buckets.computeIfAbsent(
                key, unknown -> new Bucket(new RateLimit(limits.commandsPerSecond(), limits.burst(), now), now));
        if (!bucket.take(now)) {
            throw new RefusedException(
                    ErrorCode.TOO_MANY_COMMANDS,
                    "The limit is " + limits.commandsPerSecond()
                            + " requests a second (parley.limits.commands-per-second).");
        }
    }

    private boolean mayHaveOne(String key) {
        return limits.connections() == 0 || buckets.size() < limits.connections() || buckets.containsKey(key);
    }

    /** Forgets who could be new: the bucket is full again. */
    void check(long now) {
        buckets.values().removeIf(bucket -> bucket.idleFor(now) > full);
    }
}
