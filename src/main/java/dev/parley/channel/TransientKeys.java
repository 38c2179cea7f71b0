package dev.parley.channel;

import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of a transient channel, which live no longer than the channel and are bounded in number. Guarded by its
 * owner.
 */
final class TransientKeys {
    private static final int MOST = 1_000;

    private final Map<Key, Stored> keys = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Stored> eldest) {
            return size() > MOST;
        }
    };

    private record Key(String user, String key) {}

    private record Stored(Position position, Body body) {}

    /** What to answer when the key was used before. */
    Optional<Outcome> repeated(Publication publication) {
        return publication
                .key()
                .map(key -> keys.get(new Key(publication.from().user(), key)))
                .map(stored -> stored.body().equals(publication.body())
                        ? new Outcome.Repeated(stored.position())
                        : new Outcome.Refused(ErrorCode.KEY_REUSED));
    }

    void remember(Publication publication, Position position) {
        publication
                .key()
                .ifPresent(key ->
                        keys.put(new Key(publication.from().user(), key), new Stored(position, publication.body())));
    }
}
