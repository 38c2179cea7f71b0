package dev.parley.channel;

import dev.parley.log.Head;
import dev.parley.log.Log;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Reads from the log where channels begin and end: one reading of a channel at a time, for all who ask while the one
 * before goes on. So twenty thousand who come back at once cost two readings. Thread-safe.
 *
 * <p>The hard case: a message is acknowledged while a reading is under way. Whoever asks then must not be given an end
 * from before that message; so nobody joins a reading that has begun, only the next (as in a group commit).
 */
final class HeadReads {
    private static final int AT_ONCE = 1_000;

    private final Log log;
    private final Hub hub;

    // Guarded by this: who waits for a reading that has not begun, and whose reading is under way.
    private final Map<LiveChannel, CompletableFuture<Known>> waiting = new HashMap<>();
    private final Set<LiveChannel> underWay = new HashSet<>();

    HeadReads(Log log, Hub hub) {
        this.log = log;
        this.hub = hub;
    }

    /**
     * The head, read by a reading that begins after this was called, and taken in where it means that the log is another.
     * Fails as {@link Hub#reading}.
     */
    CompletableFuture<Known> read(LiveChannel channel) {
        return read(List.of(channel)).get(0);
    }

    /** The same of several, read together. */
    List<CompletableFuture<Known>> read(Collection<LiveChannel> channels) {
        List<CompletableFuture<Known>> all = new ArrayList<>(channels.size());
        List<LiveChannel> free = new ArrayList<>(channels.size());
        synchronized (this) {
            for (LiveChannel channel : channels) {
                CompletableFuture<Known> next = waiting.get(channel);
                if (next == null) {
                    next = new CompletableFuture<>();
                    waiting.put(channel, next);
                    if (!underWay.contains(channel)) {
                        free.add(channel);
                    }
                }
                all.add(next);
            }
        }
        begin(free);
        return all;
    }

    private void begin(List<LiveChannel> channels) {
        for (int from = 0; from < channels.size(); from += AT_ONCE) {
            Reading reading = new Reading(channels.subList(from, Math.min(channels.size(), from + AT_ONCE)));
            var unused = hub.reading(reading::read).whenComplete(reading::end);
        }
    }

    /** Of some channels, once. */
    private final class Reading {
        private final List<LiveChannel> channels;
        private final Map<LiveChannel, CompletableFuture<Known>> asked = new LinkedHashMap<>();

        Reading(List<LiveChannel> channels) {
            this.channels = List.copyOf(channels);
        }

        /** From now on nobody joins it. */
        private void close() {
            synchronized (HeadReads.this) {
                if (!asked.isEmpty()) {
                    return;
                }
                for (LiveChannel channel : channels) {
                    CompletableFuture<Known> taken = waiting.remove(channel);
                    if (taken != null) {
                        underWay.add(channel);
                        asked.put(channel, taken);
                    }
                }
            }
        }

        Map<LiveChannel, Known> read() {
            close();
            Map<LiveChannel, RecentEntries.Mark> marks = new HashMap<>();
            asked.keySet()
                    .forEach(channel -> marks.put(channel, channel.messages().mark()));
            Map<String, Head> heads =
                    log.heads(channels.stream().map(LiveChannel::name).toList());
            Map<LiveChannel, Known> read = new HashMap<>();
            marks.forEach((channel, mark) -> {
                Head head = heads.getOrDefault(channel.name(), Head.NONE);
                RecentEntries.Found found = channel.found(mark, head);
                if (found.what() != RecentEntries.Finding.STALE) {
                    read.put(channel, new Known(head, found.branch()));
                }
            });
            return read;
        }

        /** Where the log has turned out to be another meanwhile, it is asked again. */
        void end(Map<LiveChannel, Known> read, Throwable failure) {
            if (failure != null) {
                close(); // which it is where it had begun
            }
            List<LiveChannel> next = new ArrayList<>();
            synchronized (HeadReads.this) {
                asked.keySet().forEach(channel -> {
                    underWay.remove(channel);
                    if (waiting.containsKey(channel)) {
                        next.add(channel);
                    }
                });
            }
            begin(next);
            asked.forEach((channel, result) -> {
                if (failure != null) {
                    result.completeExceptionally(failure);
                } else if (read.containsKey(channel)) {
                    result.complete(read.get(channel));
                } else {
                    var unused = HeadReads.this.read(channel).whenComplete((again, failed) -> {
                        if (failed == null) {
                            result.complete(again);
                        } else {
                            result.completeExceptionally(failed);
                        }
                    });
                }
            });
        }
    }
}
