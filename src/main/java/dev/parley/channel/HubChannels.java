package dev.parley.channel;

import dev.parley.api.ChannelPolicy;
import dev.parley.api.ChannelPolicy.Action;
import dev.parley.api.Channels;
import dev.parley.api.Following;
import dev.parley.api.HistoryPage;
import dev.parley.api.Identity;
import dev.parley.api.PresenceSnapshot;
import dev.parley.concurrent.FailureLog;
import dev.parley.concurrent.OrderedTasks;
import dev.parley.concurrent.OutcomeFuture;
import dev.parley.log.ContentPiece;
import dev.parley.log.Log;
import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Message;
import dev.parley.protocol.Names;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Start;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The channels of a {@link Hub}: where every publish and every subscribe arrives, a client's or a bean's. The policy and the
 * rules are asked here. What {@link Channels} does not show is for the server's own code.
 */
public final class HubChannels implements Channels {
    /** Of the channels by which nodes tell each other what holds for all of them. */
    public static final String OWN_NAMESPACE = "parley";

    private static final FailureLog FAILURES = new FailureLog(System.getLogger(HubChannels.class.getName()));

    private final Hub hub;
    private final Log log;
    private final Appender appender;
    private final ChannelPolicy policy;
    private final PublishRules rules;
    private final Executor outcomes;

    public HubChannels(Hub hub, Log log, Appender appender, ChannelPolicy policy, PublishRules rules) {
        this.hub = hub;
        this.log = log;
        this.appender = appender;
        this.policy = ChannelRules.asking(policy);
        this.rules = rules;
        this.outcomes = new OrderedTasks(hub.executors().foreign().apply(HubChannels.class.getName()));
    }

    @Override
    public CompletionStage<Position> publish(String channel, Body body) {
        return publish(Identity.SERVER, channel, Optional.empty(), body);
    }

    @Override
    public CompletionStage<Position> publish(Identity from, String channel, Optional<String> key, Body body) {
        OutcomeFuture<Position> result = new OutcomeFuture<>(outcomes);
        publish(from, channel, key, body, complete(result));
        return result;
    }

    /**
     * Publishes in the name of a user, for the server's own code: what is made to depend on it runs on a thread that others
     * wait for, such as the log's writer, so it must neither block nor call a team's.
     */
    public CompletionStage<Position> publishDirectly(Identity from, String channel, Optional<String> key, Body body) {
        CompletableFuture<Position> result = new CompletableFuture<>();
        publish(from, channel, key, body, complete(result));
        return result;
    }

    private static Consumer<Outcome> complete(CompletableFuture<Position> result) {
        return outcome -> {
            if (outcome instanceof Outcome.Appended appended) {
                result.complete(appended.position());
            } else if (outcome instanceof Outcome.Repeated repeated) {
                result.complete(repeated.position());
            } else if (outcome instanceof Outcome.Refused refused) {
                result.completeExceptionally(new RefusedException(refused.code(), refused.message()));
            }
        };
    }

    private void publish(Identity from, String channel, Optional<String> key, Body body, Consumer<Outcome> done) {
        Publication publication;
        try {
            publication = admit(from, channel, key, body);
        } catch (RefusedException refused) {
            done.accept(new Outcome.Refused(refused.code(), refused.reason()));
            return;
        }
        if (hub.settings(channel).durable()) {
            appender.publish(publication, done);
        } else {
            publishTransient(publication, done);
        }
    }

    /**
     * Asks the policy, the limits and the namespace's filters, and publishes nothing: for who stores the message in a
     * transaction of their own, from which it comes into the log.
     *
     * @throws RefusedException as a publish would be refused; and {@code not-allowed} where the channel is kept in memory
     *     alone, which takes part in no transaction
     */
    public Publication admitDurable(Identity from, String channel, Optional<String> key, Body body) {
        Publication publication = admit(from, channel, key, body);
        if (!hub.settings(channel).durable()) {
            throw new RefusedException(
                    ErrorCode.NOT_ALLOWED,
                    "The channel is not durable (parley.channels." + Names.namespace(channel)
                            + ".durable), so it takes part in no transaction.");
        }
        return publication;
    }

    private Publication admit(Identity from, String channel, Optional<String> key, Body body) {
        try {
            Names.requireChannel(channel);
            Names.requireKey(key);
            require(from, Action.PUBLISH, channel);
            Body accepted = isOwn(channel) ? body : rules.apply(from, channel, body);
            Instant now = hub.executors().now().truncatedTo(ChronoUnit.MILLIS);
            return new Publication(channel, key, from.member(), now, accepted);
        } catch (RuntimeException | Error e) {
            throw refusal(e);
        }
    }

    /**
     * Opens a cursor; the subscription begins to speak when it is started, and must be closed.
     *
     * @param representation the form in which the reader wants the pushes
     */
    public CompletionStage<Subscription> subscribe(
            Identity reader, Start start, Representation representation, Subscriber subscriber) {
        try {
            Names.requireChannel(start.channel());
            require(reader, Action.SUBSCRIBE, start.channel());
            if (start.after().isPresent() || start.history().isPresent()) {
                require(reader, Action.HISTORY, start.channel());
            }
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(refusal(e));
        }
        return open(reader, start, representation, subscriber);
    }

    @Override
    public CompletionStage<Following> follow(Start start, Consumer<Push> listener) {
        Executor threads = hub.executors().foreign().apply(listener.getClass().getName());
        ListenerCursor cursor = new ListenerCursor(threads, listener);
        return subscribe(Identity.SERVER, start, ListenerCursor.Form.PLAIN, ready -> cursor.ready())
                .thenApply(cursor::over);
    }

    @Override
    public boolean maySubscribe(Identity reader, String channel) {
        return !isOwn(channel) && policy.allows(reader, Action.SUBSCRIBE, channel);
    }

    @Override
    public boolean maySeePresence(Identity reader, String channel) {
        return policy.allows(reader, Action.PRESENCE, channel);
    }

    @Override
    public PresenceSnapshot presence(Identity reader, String channel) {
        Names.requireChannel(channel);
        require(reader, Action.PRESENCE, channel);
        return hub.active(channel)
                .map(LiveChannel::presence)
                .map(Presence::snapshot)
                .orElse(PresenceSnapshot.EMPTY);
    }

    @Override
    public CompletionStage<HistoryPage> history(
            Identity reader, String channel, Optional<Position> before, int count, int bytes) {
        try {
            return historyReader(reader, channel, before, count).read(bytes);
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * A look back as {@link #history} gives it, for whoever reads it later.
     *
     * @throws RefusedException when the reader may not
     */
    public HistoryReader historyReader(Identity reader, String channel, Optional<Position> before, int count) {
        try {
            Names.requireChannel(channel);
            require(reader, Action.HISTORY, channel);
        } catch (RuntimeException | Error e) {
            throw refusal(e);
        }
        HistoryQuery query = new HistoryQuery(channel, before, count);
        return hub.settings(channel).durable()
                ? most -> hub.reading(() -> query.read(log, most)).thenApply(query::of)
                : most -> lookBack(query);
    }

    private CompletionStage<HistoryPage> lookBack(HistoryQuery query) {
        try {
            return CompletableFuture.completedFuture(
                    hub.active(query.channel()).map(query::of).orElseGet(query::ofNothing));
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletionStage<Optional<Body.Binary>> content(Identity reader, String channel, Position position) {
        try {
            return contentReader(reader, channel, position)
                    .read(0, Integer.MAX_VALUE)
                    .thenApply(found -> found.map(all -> new Body.Binary(all.type(), all.bytes())));
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * What a message says, as {@link #content} gives it, a piece at a time, so that no more of it is in memory.
     *
     * @throws RefusedException when the reader may not
     */
    public ContentReader contentReader(Identity reader, String channel, Position position) {
        try {
            Names.requireChannel(channel);
            require(reader, Action.HISTORY, channel);
        } catch (RuntimeException | Error e) {
            throw refusal(e);
        }
        if (hub.settings(channel).durable()) {
            return (from, most) -> hub.reading(() -> log.content(channel, position, from, most));
        }
        return (from, most) -> CompletableFuture.completedFuture(hub.active(channel)
                .flatMap(live -> live.messages().find(position))
                .flatMap(HubChannels::bytes)
                .map(whole -> ContentPiece.of(whole, from, most)));
    }

    static boolean isOwn(String channel) {
        return Names.namespace(channel).equals(OWN_NAMESPACE);
    }

    private static Optional<Body.Binary> bytes(Message message) {
        if (message.body() instanceof Body.Json json) {
            Bytes text = Bytes.wrap(json.text().getBytes(StandardCharsets.UTF_8));
            return Optional.of(new Body.Binary("application/json", text));
        }
        return message.body() instanceof Body.Binary binary ? Optional.of(binary) : Optional.empty();
    }

    /** What is the server's own is no policy's to open, or to close to the server. */
    private void require(Identity identity, Action action, String channel) {
        if (isOwn(channel)) {
            if (!identity.equals(Identity.SERVER)) {
                throw new RefusedException(
                        ErrorCode.NOT_ALLOWED, "Channels of the namespace " + OWN_NAMESPACE + " are the server's own.");
            }
        } else if (!policy.allows(identity, action, channel)) {
            throw new RefusedException(ErrorCode.NOT_ALLOWED);
        }
    }

    /** What fails here is this one caller's error and is logged; a policy's and a filter's is told already. */
    private static RefusedException refusal(Throwable failure) {
        if (failure instanceof RefusedException refused) {
            return refused;
        }
        FAILURES.failed("A message could not be looked at", failure);
        return new RefusedException(ErrorCode.INTERNAL);
    }

    private void publishTransient(Publication publication, Consumer<Outcome> done) {
        CompletionStage<LiveChannel> channel = hub.channel(publication.channel());
        var unused = channel.whenComplete((live, failure) -> {
            if (failure == null) {
                publishIn(live, publication, done);
            } else {
                ErrorCode code =
                        RefusedException.in(failure).map(RefusedException::code).orElse(ErrorCode.UNAVAILABLE);
                done.accept(new Outcome.Refused(code));
            }
        });
    }

    /** Whatever fails, whoever published is told. */
    private void publishIn(LiveChannel channel, Publication publication, Consumer<Outcome> done) {
        Optional<Outcome> outcome;
        try {
            outcome = channel.publish(publication);
        } catch (Throwable e) {
            FAILURES.failed("A publish to a channel in memory failed", e);
            outcome = Optional.of(new Outcome.Refused(ErrorCode.INTERNAL));
        }
        outcome.ifPresentOrElse(done, () -> publishTransient(publication, done));
    }

    private CompletionStage<Subscription> open(
            Identity reader, Start start, Representation representation, Subscriber subscriber) {
        return hub.channel(start.channel())
                .thenCompose(channel -> place(channel, start).thenCompose(place -> {
                    Subscription opened = new Subscription(channel, reader.member(), representation, subscriber, place);
                    if (channel.presence() != null && !maySeePresence(reader, start.channel())) {
                        opened.hidePresence();
                    }
                    // Where the channel has just left memory, it is loaded anew.
                    return channel.register(opened)
                            ? CompletableFuture.completedFuture(opened)
                            : open(reader, start, representation, subscriber);
                }));
    }

    private CompletionStage<Subscription.Start> place(LiveChannel channel, Start start) {
        Known known = channel.known();
        return StartResolver.fromMemory(start, known.head(), !channel.settings().durable())
                .map(started -> CompletableFuture.completedFuture(new Subscription.Start(started, known.branch())))
                .orElseGet(() -> hub.heads()
                        .read(channel)
                        .thenApply(read ->
                                new Subscription.Start(StartResolver.resolve(start, read.head()), read.branch())));
    }
}
