package dev.parley.channel;

import dev.parley.concurrent.FailureLog;
import dev.parley.log.CommitListener;
import dev.parley.log.Log;
import dev.parley.log.LogException;
import dev.parley.log.Slice;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Message;
import dev.parley.protocol.Names;
import dev.parley.protocol.RefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This node's channels. Learns from the {@link dev.parley.log.LogWriter}, on its thread, what was committed, and tells
 * it to those who read. What it does for one channel is the {@link LiveChannel}'s.
 */
public final class Hub implements CommitListener, AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int SWEEPS_WHILE_IDLE = 6;
    private static final System.Logger LOGGER = System.getLogger(Hub.class.getName());
    private static final FailureLog FAILURES = new FailureLog(LOGGER);

    private final Log log;
    private final ChannelSettings.ByNamespace namespaces;
    private final HubSettings settings;
    private final HubExecutors executors;
    private final MemoryBudget budget;
    private final HeadReads heads;
    private final CatchUpReader catchUp;
    private final CatchUpReader wholes;
    private final ChannelRoom room;
    private final Map<String, Activation> channels = new ConcurrentHashMap<>();
    private final ScheduledFuture<?> sweeps;
    private volatile @Nullable HeadPoller poller;
    private volatile ChannelObserver observer = ChannelObserver.NONE;

    /** A channel, and whether its place in the log is known yet. */
    private record Activation(LiveChannel channel, CompletableFuture<LiveChannel> ready) {}

    public Hub(Log log, ChannelSettings.ByNamespace namespaces, HubSettings settings, HubExecutors executors) {
        this.log = log;
        this.namespaces = namespaces;
        this.settings = settings;
        this.executors = executors;
        this.budget = new MemoryBudget(settings.recentBytesOfNode());
        this.heads = new HeadReads(log, this);
        this.catchUp = new CatchUpReader(this::page, settings, executors, budget);
        this.wholes = new CatchUpReader(new WholeMessages(log), settings, executors, budget);
        this.room = new ChannelRoom(settings.channels(), executors);
        this.sweeps = executors.every(settings.idle().dividedBy(SWEEPS_WHILE_IDLE), this::sweep);
    }

    /** From now on looks so often for what other nodes have appended. A node that has the log to itself need not. */
    public void pollHeads(Duration interval) {
        poller = new HeadPoller(log, executors, interval, this::read);
    }

    /** From now on tells it what happens. */
    public void observe(ChannelObserver told) {
        observer = told;
    }

    ChannelObserver observer() {
        return observer;
    }

    @Override
    public void committed(List<Message> messages) {
        Set<LiveChannel> woken = new LinkedHashSet<>();
        Set<String> missed = new LinkedHashSet<>();
        for (Message message : messages) {
            Activation activation = channels.get(message.channel());
            if (activation != null) {
                try {
                    if (!activation.channel().add(message)) {
                        missed.add(message.channel());
                    }
                } catch (Throwable e) {
                    FAILURES.failed("A message cannot be kept in memory; it is read from the log", e);
                    missed.add(message.channel());
                }
                woken.add(activation.channel());
            }
        }
        woken.forEach(LiveChannel::wake);
        doubtful(missed);
        messages.stream()
                .filter(message -> !HubChannels.isOwn(message.channel()))
                .forEach(this::tell);
    }

    private void tell(Message message) {
        try {
            observer.published(message);
        } catch (Throwable e) {
            FAILURES.failed("An observer of the hub failed", e);
        }
    }

    @Override
    public void doubtful(Collection<String> names) {
        List<LiveChannel> active =
                names.stream().flatMap(name -> active(name).stream()).toList();
        List<CompletableFuture<Known>> reads = heads.read(active);
        CompletableFuture<?>[] all = new CompletableFuture<?>[reads.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = reads.get(i).thenAccept(active.get(i)::advance);
        }
        CompletableFuture.allOf(all).exceptionally(failure -> {
            executors.after(PAUSE, () -> doubtful(names));
            return null;
        });
    }

    /** How many channels are in memory. */
    public int size() {
        return channels.size();
    }

    @Override
    public void close() {
        sweeps.cancel(false);
        HeadPoller current = poller;
        if (current != null) {
            current.close();
        }
    }

    HubSettings settings() {
        return settings;
    }

    MemoryBudget budget() {
        return budget;
    }

    CatchUpReader catchUp() {
        return catchUp;
    }

    CatchUpReader wholes() {
        return wholes;
    }

    private Slice page(LiveChannel channel, Branch branch, long after) {
        return log.read(channel.name(), after, settings.pageCount(), settings.pageBytes());
    }

    HubExecutors executors() {
        return executors;
    }

    ChannelSettings settings(String channel) {
        return namespaces.of(Names.namespace(channel));
    }

    /** The channel if it is in memory. */
    Optional<LiveChannel> active(String name) {
        return Optional.ofNullable(channels.get(name)).map(Activation::channel);
    }

    /**
     * The channel, in memory from now on; at once if it is there or transient, else after its head was read. Fails
     * with {@code unavailable} when the log cannot be read, with {@code too-many-channels} when there is no room for it.
     */
    CompletionStage<LiveChannel> channel(String name) {
        @Nullable Activation known = channels.get(name);
        if (known != null && !known.channel().isClosed()) {
            return known.ready();
        }
        if (known != null) {
            // It is just leaving memory: whoever asked for it anew would else find the same one until it has left.
            channels.remove(name, known);
        }
        if (channels.size() >= settings.channels() && !room.make(this::inMemory, this::leaveUnused)) {
            return CompletableFuture.failedFuture(new RefusedException(
                    ErrorCode.TOO_MANY_CHANNELS,
                    "The server may have " + settings.channels()
                            + " channels in memory (parley.limits.channels), and all are in use."));
        }
        LiveChannel channel = new LiveChannel(name, settings(name), this);
        Activation activation = new Activation(channel, new CompletableFuture<>());
        Activation earlier = channels.putIfAbsent(name, activation);
        if (earlier != null) {
            return earlier.ready();
        }
        if (channel.settings().durable()) {
            load(activation);
        } else {
            activation.ready().complete(channel);
        }
        return activation.ready();
    }

    /** Nobody uses the channel, and whoever comes next would miss nothing. */
    void leave(LiveChannel channel) {
        leave(channel, true);
    }

    private boolean leaveUnused(LiveChannel channel) {
        return leave(channel, false);
    }

    private boolean leave(LiveChannel channel, boolean empty) {
        Activation activation = channels.get(channel.name());
        return activation != null
                && activation.channel() == channel
                && activation.ready().isDone()
                && channel.leave(empty)
                && channels.remove(channel.name(), activation);
    }

    List<LiveChannel> inMemory() {
        return channels.values().stream().map(Activation::channel).toList();
    }

    /** Where the channels' logs begin and end now. */
    HeadReads heads() {
        return heads;
    }

    /** Does something with the log on a thread that may block; failures become {@code unavailable}. */
    <T> CompletableFuture<T> reading(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            executors.reads().execute(() -> {
                try {
                    result.complete(work.get());
                } catch (LogException e) {
                    LOGGER.log(System.Logger.Level.WARNING, "The log cannot be read: {0}", e.getMessage());
                    result.completeExceptionally(new RefusedException(ErrorCode.UNAVAILABLE));
                } catch (Throwable e) { // whoever waits for it would wait for ever
                    FAILURES.failed("Reading the log failed", e);
                    result.completeExceptionally(new RefusedException(ErrorCode.INTERNAL));
                }
            });
        } catch (RejectedExecutionException | Error e) { // an Error where there is no memory for a thread
            result.completeExceptionally(new RefusedException(ErrorCode.UNAVAILABLE));
        }
        return result;
    }

    private void load(Activation activation) {
        LiveChannel channel = activation.channel();
        var unused = heads.read(channel).whenComplete((known, failure) -> {
            try {
                if (failure == null) {
                    // Commits that came while the head was read are among the recent entries already; only what is
                    // newer counts.
                    channel.advance(known);
                    activation.ready().complete(channel);
                    return;
                }
            } catch (RuntimeException | Error e) {
                FAILURES.failed("A channel cannot be loaded", e);
            }
            channels.remove(channel.name(), activation);
            channel.close();
            activation
                    .ready()
                    .completeExceptionally(failure == null ? new RefusedException(ErrorCode.INTERNAL) : failure);
        });
    }

    private List<LiveChannel> read() {
        return channels.values().stream()
                .filter(activation -> activation.ready().isDone())
                .map(Activation::channel)
                .filter(LiveChannel::isRead)
                .toList();
    }

    private void sweep() {
        Instant now = executors.now();
        Instant idleSince = now.minus(settings.idle());
        channels.forEach((name, activation) -> {
            try {
                if (activation.ready().isDone() && activation.channel().expire(now, idleSince)) {
                    channels.remove(name, activation);
                }
            } catch (Throwable e) {
                FAILURES.failed("A channel cannot be swept", e);
            }
        });
        catchUp.removeUnused();
        wholes.removeUnused();
    }
}
