package dev.parley.channel;

import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of a transient channel, which live no longer than the channel and are bounded in number. Of what was published
 * by them a digest is kept. Where the node holds too much in memory, those go that were used least recently. Thread-safe.
 */
final class TransientKeys implements MemoryBudget.Holder {
    private static final int MOST = 1_000;

    /** Of a key, beside its characters: the objects, the place, the digest. */
    private static final int OVERHEAD = 320;

    private final MemoryBudget budget;
    private final Map<Key, Stored> keys = new LinkedHashMap<>();
    private volatile long usedAt = System.nanoTime();
    private volatile long weight;
    private boolean closed;

    private record Key(String user, String key) {
        long weight() {
            return OVERHEAD + 2L * (user.length() + key.length());
        }
    }

    /** @param digest SHA-256 (FIPS 180-4) of the media type and the content */
    private record Stored(Position position, Bytes digest) {}

    TransientKeys(MemoryBudget budget) {
        this.budget = budget;
    }

    /** What to answer when the key was used before. */
    Optional<Outcome> repeated(Publication publication) {
        if (publication.key().isEmpty()) {
            return Optional.empty();
        }
        Stored stored;
        synchronized (this) {
            stored = keys.get(key(publication));
        }
        if (stored == null) {
            return Optional.empty();
        }
        return Optional.of(
                stored.digest().equals(digest(publication.body()))
                        ? new Outcome.Repeated(stored.position())
                        : new Outcome.Refused(ErrorCode.KEY_REUSED));
    }

    void remember(Publication publication, Position position) {
        if (publication.key().isPresent()) {
            Stored stored = new Stored(position, digest(publication.body()));
            remember(key(publication), stored);
            budget.settle();
        }
    }

    private synchronized void remember(Key key, Stored stored) {
        if (closed) {
            return;
        }
        if (weight == 0) {
            budget.enter(this);
        }
        usedAt = System.nanoTime();
        if (keys.put(key, stored) == null) {
            count(key.weight());
        }
        if (keys.size() > MOST) {
            Iterator<Key> eldest = keys.keySet().iterator();
            count(-eldest.next().weight());
            eldest.remove();
        }
    }

    @Override
    public long usedAt() {
        return usedAt;
    }

    @Override
    public long weight() {
        return weight;
    }

    @Override
    public synchronized void giveUp() {
        keys.clear();
        count(-weight);
        budget.leave(this);
    }

    /** Gives back all memory, and takes no more. */
    synchronized void close() {
        closed = true;
        giveUp();
    }

    private synchronized void count(long bytes) {
        budget.change(bytes);
        weight += bytes;
    }

    private static Key key(Publication publication) {
        return new Key(publication.from().user(), publication.key().orElseThrow());
    }

    private static Bytes digest(Body body) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update((body instanceof Body.Json ? "" : body.type()).getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) 0);
            if (body instanceof Body.Json json) {
                sha256.update(json.text().getBytes(StandardCharsets.UTF_8));
            } else if (body instanceof Body.Binary binary) {
                sha256.update(binary.bytes().asBuffer());
            }
            return Bytes.wrap(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256 (java.security.MessageDigest)", e);
        }
    }
}
