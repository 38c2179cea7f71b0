package dev.parley.testing;

import dev.parley.api.ChannelPolicy;
import dev.parley.api.Identity;
import dev.parley.api.PublishFilter;
import dev.parley.channel.ChannelSettings;
import dev.parley.channel.Hub;
import dev.parley.channel.HubChannels;
import dev.parley.channel.HubExecutors;
import dev.parley.channel.HubSettings;
import dev.parley.channel.PublishRules;
import dev.parley.connection.Connections;
import dev.parley.connection.Pings;
import dev.parley.log.LogWriter;
import dev.parley.log.Publication;
import dev.parley.log.WriterLimits;
import dev.parley.protocol.Body;
import dev.parley.protocol.Position;
import dev.parley.security.Guests;
import dev.parley.security.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A node over a {@link FakeLog} on {@link ManualExecutors}, with little memory. What a test wants otherwise it says before
 * it first uses the node.
 */
public final class ManualNode {
    /** Eight messages of a channel in memory, four in a page. */
    public static final HubSettings SMALL = new HubSettings(
            8,
            64 * 1024,
            1024 * 1024,
            4,
            64 * 1024,
            256 * 1024,
            Duration.ofMinutes(1),
            Duration.ofSeconds(5),
            3,
            1_000,
            64 * 1024);

    private static final int INLINE = 64 * 1024;

    public final FakeLog log;
    public final ManualExecutors executors;
    public HubSettings memory = SMALL;
    public Limits limits = Limits.DEFAULTS;
    public ChannelPolicy policy = ChannelPolicy.OPEN;
    public final Map<String, ChannelSettings> namespaces = new HashMap<>();
    public final List<PublishFilter> filters = new ArrayList<>();

    private Hub hub;
    private HubChannels channels;
    private Connections connections;

    public ManualNode() {
        this(new FakeLog(), new ManualExecutors());
    }

    private ManualNode(FakeLog log, ManualExecutors executors) {
        this.log = log;
        this.executors = executors;
        namespaces.put("typing", new ChannelSettings(5, Duration.ofMinutes(1), false, false));
        namespaces.put("room", new ChannelSettings(10_000, Duration.ofDays(7), true, true));
    }

    public Hub hub() {
        start();
        return hub;
    }

    public HubChannels channels() {
        start();
        return channels;
    }

    public Connections connections() {
        start();
        return connections;
    }

    /** The connections of a node that is started beside this one, over the same log and threads. */
    public Connections another() {
        ManualNode other = new ManualNode(log, executors);
        other.namespaces.putAll(namespaces);
        other.filters.addAll(filters);
        other.policy = policy;
        return other.connections();
    }

    public void run() {
        executors.run();
    }

    /** Publishes and lets all be done that follows from it. */
    public CompletableFuture<Position> publish(String channel, String json) {
        CompletableFuture<Position> result =
                channels().publish(channel, new Body.Json(json)).toCompletableFuture();
        run();
        return result;
    }

    /** The same where nobody asks what became of it. */
    public void say(String channel, String json) {
        var unused = publish(channel, json);
    }

    /** Publishes the numbers one after the other. */
    public void publish(String channel, int from, int to) {
        for (int number = from; number <= to; number++) {
            say(channel, Integer.toString(number));
        }
    }

    /** Another node appends the numbers: this one hears nothing of it. */
    public void publishElsewhere(String channel, int from, int to) {
        for (int number = from; number <= to; number++) {
            var unused = log.append(List.of(new Publication(
                    channel,
                    Optional.empty(),
                    Identity.SERVER.member(),
                    executors.clock().instant(),
                    new Body.Json(Integer.toString(number)))));
        }
    }

    /** What its connections run on. */
    public Connections.Executors threads() {
        return new Connections.Executors(
                executors.delivery(),
                executors.closing(),
                executors.pinging(),
                owner -> executors.foreign(),
                executors.timer());
    }

    private void start() {
        if (hub != null) {
            return;
        }
        hub = new Hub(
                log,
                namespace -> namespaces.getOrDefault(namespace, ChannelSettings.DEFAULTS),
                memory,
                new HubExecutors(
                        executors.reads(),
                        executors.delivery(),
                        owner -> executors.foreign(),
                        executors.timer(),
                        executors.clock()));
        LogWriter writer = new LogWriter(log, executors.writer(), hub, WriterLimits.DEFAULT, INLINE);
        channels = new HubChannels(hub, log, writer::publish, policy, new PublishRules(limits.messageSize(), filters));
        connections = new Connections(channels, new Guests(), limits, Pings.DEFAULTS, threads());
    }
}
