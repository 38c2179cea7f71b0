package dev.parley.channel;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Makes room for a channel where as many are in memory as may be ({@code parley.limits.channels}): those leave that nobody
 * reads, first the ones whose messages are all in the log or that have none, the least recently used before the others.
 * Thread-safe.
 */
final class ChannelRoom {
    /** So many leave at once, so that not each channel that comes looks through all. */
    private static final int PART_FREED = 16;

    /** When all are in use, it is not looked again sooner. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Comparator<Candidate> ORDER =
            Comparator.comparing(Candidate::holds).thenComparing(Candidate::usedAt);

    private final int most;
    private final HubExecutors executors;
    private Instant notBefore = Instant.MIN;

    private record Candidate(LiveChannel channel, boolean holds, Instant usedAt) {}

    ChannelRoom(int most, HubExecutors executors) {
        this.most = most;
        this.executors = executors;
    }

    /**
     * @param inMemory all channels
     * @param leaving makes a channel leave, unless somebody uses it
     * @return false when all are in use
     */
    synchronized boolean make(Supplier<List<LiveChannel>> inMemory, Predicate<LiveChannel> leaving) {
        Instant now = executors.now();
        if (now.isBefore(notBefore)) {
            return false;
        }
        List<LiveChannel> all = inMemory.get();
        int wanted = all.size() - most + Math.max(1, most / PART_FREED);
        long left = all.stream()
                .map(channel -> new Candidate(
                        channel, !channel.settings().durable() && !channel.holdsNothing(), channel.usedAt()))
                .sorted(ORDER)
                .filter(candidate -> leaving.test(candidate.channel()))
                .limit(Math.max(1, wanted))
                .count();
        if (left == 0) {
            notBefore = now.plus(PAUSE);
        }
        return left > 0 || all.size() < most;
    }
}
