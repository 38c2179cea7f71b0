package dev.parley.channel;

import dev.parley.concurrent.FailureLog;
import dev.parley.log.Head;
import dev.parley.log.Slice;
import dev.parley.protocol.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

/**
 * Reads from the log what is older than a channel's recent end: a page at a time, once for all that need it at the same
 * time. A cursor that waits for a page holds no thread; it is told when the page is there. Thread-safe.
 */
final class CatchUpReader {
    private static final System.Logger LOGGER = System.getLogger(CatchUpReader.class.getName());
    private static final FailureLog FAILURES = new FailureLog(LOGGER);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final PageSource source;
    private final HubExecutors executors;
    private final CatchUpPages pages;
    private final MemoryBudget budget;
    private final Map<CatchUpPages.Key, List<Subscription>> waiting = new HashMap<>();

    /** What a page is made of. It may wait for the log. */
    @FunctionalInterface
    interface PageSource {
        Slice read(LiveChannel channel, Position after);
    }

    CatchUpReader(PageSource source, HubSettings settings, HubExecutors executors, MemoryBudget budget) {
        this.source = source;
        this.executors = executors;
        this.budget = budget;
        this.pages = new CatchUpPages(settings.pageBytesOfNode(), budget);
    }

    /** The page that a cursor at this place needs; where it must be read first, the cursor is told when to come again. */
    Optional<CatchUpPage> page(LiveChannel channel, Position after, Subscription reader) {
        CatchUpPages.Key key = new CatchUpPages.Key(channel.name(), after.epoch(), after.offset());
        boolean first;
        synchronized (waiting) {
            Optional<CatchUpPage> page = pages.find(key);
            if (page.isPresent()) {
                return page;
            }
            List<Subscription> readers = waiting.get(key);
            first = readers == null;
            waiting.computeIfAbsent(key, k -> new ArrayList<>(1)).add(reader);
        }
        if (first) {
            submit(channel, key);
        }
        return Optional.empty();
    }

    /** The page that a cursor at this place needs, if it was read already. */
    Optional<CatchUpPage> kept(LiveChannel channel, Position after) {
        return pages.find(new CatchUpPages.Key(channel.name(), after.epoch(), after.offset()));
    }

    void removeUnused() {
        pages.removeUnused();
    }

    private void submit(LiveChannel channel, CatchUpPages.Key key) {
        try {
            executors.reads().execute(() -> read(channel, key));
        } catch (RejectedExecutionException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "The node is stopping: clients read on after the restart.");
        } catch (Error e) { // there is no memory for a thread
            FAILURES.failed("The history cannot be read; trying again", e);
            executors.after(RETRY, () -> tryAgain(channel, key));
        }
    }

    private void read(LiveChannel channel, CatchUpPages.Key key) {
        List<Subscription> readers;
        try {
            Slice slice = source.read(channel, new Position(key.epoch(), key.after()));
            readers = keep(channel, key, slice);
        } catch (RuntimeException e) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "The history of {0} cannot be read; trying again: {1}",
                    key.channel(),
                    e.getMessage());
            executors.after(RETRY, () -> tryAgain(channel, key));
            return;
        } catch (Throwable e) {
            FAILURES.failed("The history cannot be read; trying again", e);
            executors.after(RETRY, () -> tryAgain(channel, key));
            return;
        }
        budget.settle();
        readers.forEach(Subscription::wake);
    }

    /** Gives whoever waits for it. */
    private List<Subscription> keep(LiveChannel channel, CatchUpPages.Key key, Slice slice) {
        synchronized (waiting) {
            if (slice.head().epoch().equals(key.epoch())) {
                pages.keep(key, page(channel, key, slice));
            } else if (!channel.messages().advance(slice.head().position())) {
                // The channel's log is gone and nothing has come in its place: what is in memory is all there is.
                pages.keep(
                        key,
                        new CatchUpPage(
                                key.epoch(), key.after(), channel.messages().first(), List.of()));
            }
            return Objects.requireNonNull(waiting.remove(key));
        }
    }

    /** Unless all who waited have gone meanwhile. */
    private void tryAgain(LiveChannel channel, CatchUpPages.Key key) {
        synchronized (waiting) {
            List<Subscription> readers = Objects.requireNonNull(waiting.get(key));
            readers.removeIf(Subscription::isClosed);
            if (readers.isEmpty()) {
                waiting.remove(key);
                return;
            }
        }
        submit(channel, key);
    }

    private static CatchUpPage page(LiveChannel channel, CatchUpPages.Key key, Slice slice) {
        List<Entry> entries = slice.messages().stream().map(Entry::of).toList();
        long first = entries.isEmpty() ? afterNothing(channel, key, slice.head()) : entries.get(0).offset;
        return new CatchUpPage(key.epoch(), key.after(), first, entries);
    }

    /** All was trimmed up to the head; or, as after a backup was restored, only memory has what comes next. */
    private static long afterNothing(LiveChannel channel, CatchUpPages.Key key, Head head) {
        return key.after() < head.last() ? head.last() + 1 : channel.messages().first();
    }
}
