package dev.parley.channel;

import dev.parley.log.Head;
import dev.parley.log.Log;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Looks from time to time how far the logs of the channels reach that somebody reads here: other nodes append to them
 * too, and tell nobody; nor does a database that has failed over and lacks their end.
 *
 * <p>The hard case: what a look finds new may be a commit of our own that is just about to be told. So what is new is
 * taken as another node's only if it is still unknown a moment later; else a busy channel would give up its recent end,
 * and read from the log, with nearly every look.
 */
final class HeadPoller implements AutoCloseable {
    private static final Duration MOMENT = Duration.ofMillis(20);
    private static final int AT_ONCE = 1_000;
    private static final System.Logger LOGGER = System.getLogger(HeadPoller.class.getName());

    private final Log log;
    private final HubExecutors executors;
    private final Supplier<List<LiveChannel>> channels;
    private final ScheduledFuture<?> looks;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile boolean failing;

    /** @param channels that have a log and are read here */
    HeadPoller(Log log, HubExecutors executors, Duration interval, Supplier<List<LiveChannel>> channels) {
        this.log = log;
        this.executors = executors;
        this.channels = channels;
        this.looks = executors.every(interval, this::look);
    }

    @Override
    public void close() {
        looks.cancel(false);
    }

    /** One look at a time: where the log is slow, looks do not pile up. */
    private void look() {
        List<LiveChannel> read = channels.get();
        if (read.isEmpty() || !looking.compareAndSet(false, true)) {
            return;
        }
        try {
            executors.reads().execute(() -> {
                try {
                    look(read);
                } finally {
                    looking.set(false);
                }
            });
        } catch (RejectedExecutionException | Error e) { // an Error where there is no memory for a thread
            looking.set(false);
        }
    }

    private void look(List<LiveChannel> read) {
        Map<LiveChannel, Known> ahead = new HashMap<>();
        try {
            for (int from = 0; from < read.size(); from += AT_ONCE) {
                ahead.putAll(ahead(read.subList(from, Math.min(read.size(), from + AT_ONCE))));
            }
            failing = false;
        } catch (Throwable e) {
            System.Logger.Level level = failing ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING;
            LOGGER.log(level, "The heads cannot be read; looking again later: {0}", e.toString());
            failing = true;
        }
        if (!ahead.isEmpty()) {
            executors.after(MOMENT, () -> ahead.forEach(LiveChannel::advance));
        }
    }

    /** What is further on than is known. Where the log has become another, that is certain, and told at once. */
    private Map<LiveChannel, Known> ahead(List<LiveChannel> some) {
        Map<LiveChannel, RecentEntries.Mark> marks = new HashMap<>();
        some.forEach(channel -> marks.put(channel, channel.messages().mark()));
        Map<String, Head> heads = log.heads(some.stream().map(LiveChannel::name).toList());
        Map<LiveChannel, Known> ahead = new HashMap<>();
        marks.forEach((channel, mark) -> {
            Head head = heads.getOrDefault(channel.name(), Head.NONE);
            RecentEntries.Found found = channel.found(mark, head);
            if (found.what() == RecentEntries.Finding.FURTHER) {
                ahead.put(channel, new Known(head, found.branch()));
            }
        });
        return ahead;
    }
}
