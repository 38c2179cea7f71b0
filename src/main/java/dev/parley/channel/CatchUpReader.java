package dev.parley.channel;

import dev.parley.concurrent.FailureLog;
import dev.parley.log.Head;
import dev.parley.log.Slice;
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
        Slice read(LiveChannel channel, Branch branch, long after);
    }

    CatchUpReader(PageSource source, HubSettings settings, HubExecutors executors, MemoryBudget budget) {
        this.source = source;
        this.executors = executors;
        this.budget = budget;
        this.pages = new CatchUpPages(settings.pageBytesOfNode(), budget);
    }

    /** The page that a cursor at this place needs; where it must be read first, the cursor is told when to come again. */
    Optional<CatchUpPage> page(LiveChannel channel, Branch branch, long after, Subscription reader) {
        CatchUpPages.Key key = new CatchUpPages.Key(channel.name(), branch.number, after);
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
            submit(new Reading(channel, branch, key));
        }
        return Optional.empty();
    }

    /** The page that a cursor at this place needs, if it was read already. */
    Optional<CatchUpPage> kept(LiveChannel channel, Branch branch, long after) {
        return pages.find(new CatchUpPages.Key(channel.name(), branch.number, after));
    }

    void removeUnused() {
        pages.removeUnused();
    }

    /** Of one page, until it is there. */
    private record Reading(LiveChannel channel, Branch branch, CatchUpPages.Key key) {}

    private void submit(Reading reading) {
        try {
            executors.reads().execute(() -> read(reading));
        } catch (RejectedExecutionException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "The node is stopping: clients read on after the restart.");
        } catch (Error e) { // there is no memory for a thread
            FAILURES.failed("The history cannot be read; trying again", e);
            executors.after(RETRY, () -> tryAgain(reading));
        }
    }

    private void read(Reading reading) {
        List<Subscription> readers;
        try {
            LiveChannel channel = reading.channel();
            RecentEntries.Mark mark = channel.messages().mark();
            Slice slice = source.read(channel, reading.branch(), reading.key().after());
            readers = keep(reading, slice, branch(channel, mark, slice));
        } catch (RuntimeException e) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "The history of {0} cannot be read; trying again: {1}",
                    reading.key().channel(),
                    e.getMessage());
            executors.after(RETRY, () -> tryAgain(reading));
            return;
        } catch (Throwable e) {
            FAILURES.failed("The history cannot be read; trying again", e);
            executors.after(RETRY, () -> tryAgain(reading));
            return;
        }
        budget.settle();
        readers.forEach(Subscription::wake);
    }

    /** What the log is taken for, now that it was read; empty where it must be read again to tell. */
    private static Optional<Branch> branch(LiveChannel channel, RecentEntries.Mark mark, Slice slice) {
        if (!channel.settings().durable()) {
            return Optional.of(mark.branch());
        }
        RecentEntries.Found found = channel.found(mark, slice.head());
        return found.what() == RecentEntries.Finding.STALE ? Optional.empty() : Optional.of(found.branch());
    }

    /**
     * Gives whoever waits for it.
     *
     * @param present where that is another branch, or nobody knows, the page says nothing: its readers come again
     */
    private List<Subscription> keep(Reading reading, Slice slice, Optional<Branch> present) {
        synchronized (waiting) {
            if (present.filter(branch -> branch == reading.branch()).isPresent()) {
                pages.keep(reading.key(), page(reading, slice));
            }
            return Objects.requireNonNull(waiting.remove(reading.key()));
        }
    }

    /** Unless all who waited have gone meanwhile. */
    private void tryAgain(Reading reading) {
        synchronized (waiting) {
            List<Subscription> readers = Objects.requireNonNull(waiting.get(reading.key()));
            readers.removeIf(Subscription::isClosed);
            if (readers.isEmpty()) {
                waiting.remove(reading.key());
                return;
            }
        }
        submit(reading);
    }

    private static CatchUpPage page(Reading reading, Slice slice) {
        List<Entry> entries = slice.messages().stream().map(Entry::of).toList();
        long first = entries.isEmpty() ? afterNothing(reading, slice.head()) : entries.get(0).offset;
        return new CatchUpPage(reading.key().after(), first, entries);
    }

    /** All was trimmed up to the head; or the log is gone and nothing has come in its place: only memory has the rest. */
    private static long afterNothing(Reading reading, Head head) {
        return reading.key().after() < head.last()
                ? head.last() + 1
                : reading.channel().messages().first();
    }
}
