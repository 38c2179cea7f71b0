package dev.parley.client;

import dev.parley.protocol.Command;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.FromServer;
import dev.parley.protocol.Push;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Reply;
import jakarta.websocket.WebSocketContainer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One connection after the other, until the end: asks for a token, connects, says who this client is, and comes back
 * after a pause whenever that ends, but where the server says not to. Of the client's own thread, but for what the
 * WebSocket tells.
 */
final class Connector implements WebSocketLink.Receiver {
    private static final System.Logger LOGGER = System.getLogger(Connector.class.getName());

    private final ClientOptions options;
    private final WebSocketContainer container;
    private final StateListener state;
    private final EventLoop loop;
    private final ListenerDispatcher dispatcher;
    private final ReplyCorrelator correlator;
    private final Subscriptions subscriptions;
    private final Optional<TokenRefresher> refresher;
    private final Backoff pauses;
    private final Backoff retries;
    private Optional<String> secret;
    private @Nullable String refusedToken;
    private @Nullable WebSocketLink link;

    /** Why it comes back no more. */
    private volatile @Nullable Closing ended;

    /** When the server was asked for a word that has not come yet. */
    private @Nullable Long pinged;

    Connector(ClientOptions options, StateListener state, WebSocketContainer container, PendingPublishes publishes) {
        this.options = options;
        this.state = state;
        this.container = container;
        this.secret = options.secret();
        this.loop = new EventLoop(options.threads());
        this.correlator = new ReplyCorrelator(publishes);
        this.dispatcher = new ListenerDispatcher(options.threads(), () -> loop.run(this::drained));
        this.subscriptions = new Subscriptions(loop, correlator, dispatcher);
        RandomGenerator random = RandomGenerator.getDefault();
        this.refresher = options.tokens()
                .map(source -> new TokenRefresher(loop, correlator, source, InstantSource.system(), random));
        this.pauses = backoff(random);
        this.retries = backoff(random);
    }

    private Backoff backoff(RandomGenerator random) {
        return new Backoff(options.times().firstPause(), options.times().longestPause(), random);
    }

    EventLoop loop() {
        return loop;
    }

    ListenerDispatcher dispatcher() {
        return dispatcher;
    }

    ReplyCorrelator exchange() {
        return correlator;
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    void start() {
        loop.run(this::connect);
        watch();
    }

    private void connect() {
        if (ended != null) {
            return;
        }
        WebSocketLink next = new WebSocketLink(this, options.limits().maxMessage());
        link = next;
        dispatcher.call(state::connecting);
        loop.later(options.times().connect(), () -> giveUp(next));
        options.tokens()
                .ifPresentOrElse(
                        source -> source.ask()
                                .whenComplete((token, failure) -> loop.run(() -> tokenCame(next, token, failure))),
                        () -> open(next, Optional.empty()));
    }

    /** Neither a token, nor a handshake, nor a reply is waited for longer. */
    private void giveUp(WebSocketLink hanging) {
        if (hanging == link && !correlator.isOpen()) {
            Duration most = options.times().connect();
            interrupted(hanging, "There was no connection within " + most.toMillis() + " ms (ClientTimes.connect).");
        }
    }

    private void tokenCame(WebSocketLink next, @Nullable String token, @Nullable Throwable failure) {
        if (next != link) {
            return;
        }
        if (failure != null || token == null) {
            LOGGER.log(System.Logger.Level.WARNING, "The source of tokens failed", failure);
            interrupted(next, "The source of tokens failed: " + failure);
        } else if (token.equals(refusedToken)) {
            end(Closing.of(DisconnectCode.TOKEN_EXPIRED, "The source of tokens gives the one that has expired."));
        } else {
            open(next, Optional.of(token));
        }
    }

    private void open(WebSocketLink next, Optional<String> token) {
        next.shows(token);
        Thread thread = options.threads().newThread(() -> next.open(container, options.uri()));
        thread.setName("parley-client-connect");
        thread.start();
    }

    @Override
    public void opened(WebSocketLink opened) {
        loop.run(() -> {
            if (opened != link) {
                opened.close();
                return;
            }
            correlator.use(opened);
            correlator.ask(
                    id -> new Command.Connect(
                            id,
                            opened.token(),
                            secret,
                            options.name(),
                            OptionalInt.of(options.limits().maxMessage())),
                    reply -> greeted(opened, reply));
        });
    }

    private void greeted(WebSocketLink from, Reply reply) {
        if (from != link) {
            return;
        }
        if (reply instanceof Reply.Connected connected) {
            secret = connected.secret().or(() -> secret);
            refusedToken = null;
            dispatcher.call(() -> state.open(connected));
            subscriptions.open(from);
            correlator.identified(connected.user());
            from.token().ifPresent(token -> refresher.ifPresent(one -> one.taken(token, connected.expires())));
        } else if (reply instanceof Reply.Failed failed) {
            turnedAway(from, failed);
        }
    }

    private void turnedAway(WebSocketLink from, Reply.Failed failed) {
        if (failed.code() == ErrorCode.TOKEN_EXPIRED && refresher.isPresent()) {
            refusedToken = from.token().orElse(null);
            interrupted(from, failed.message());
        } else if (failed.code().retry()) {
            interrupted(from, failed.message());
        } else {
            end(Closing.of(failed.code(), failed.message()));
        }
    }

    /** On the WebSocket's thread, in the order of what came. */
    @Override
    public void received(WebSocketLink from, FromServer message) {
        if (message instanceof Push.OfChannel push) {
            subscriptions.pushed(from, push);
        } else if (message instanceof Push.Disconnect disconnect) {
            loop.run(() -> told(from, disconnect));
        } else if (message instanceof Reply reply) {
            if (reply instanceof Reply.Subscribed subscribed) {
                subscriptions.subscribed(from, subscribed);
            }
            loop.run(() -> replied(from, reply));
        }
    }

    private void replied(WebSocketLink from, Reply reply) {
        if (from != link) {
            return;
        }
        if (reply instanceof Reply.Published) {
            retries.reset();
        } else if (reply instanceof Reply.Failed failed && failed.id().isEmpty()) {
            LOGGER.log(System.Logger.Level.WARNING, "The server could not read a command: {0}", failed.message());
        }
        if (correlator.replied(reply)) {
            loop.later(retries.next(), correlator::proceed);
        }
    }

    @Override
    public void ended(WebSocketLink from, int code, String reason) {
        loop.run(() -> {
            if (from == link) {
                ended(from, code, CloseCodes.comesBack(code), reason);
            }
        });
    }

    /** The close that follows finds the link dropped. */
    private void told(WebSocketLink from, Push.Disconnect disconnect) {
        if (from == link) {
            disconnect.within().ifPresent(seconds -> pauses.within(Duration.ofSeconds(seconds)));
            DisconnectCode code = disconnect.code();
            ended(from, code.code(), CloseCodes.comesBack(code.code()), code.sentence());
        }
    }

    private void ended(WebSocketLink from, int code, boolean comesBack, String reason) {
        if (code == DisconnectCode.TOKEN_EXPIRED.code()) {
            expired(from);
        } else if (comesBack || (code == DisconnectCode.TOO_LARGE.code() && correlator.failLargest())) {
            interrupted(from, CloseCodes.describe(code, reason));
        } else {
            end(new Closing(CloseCodes.name(code), reason));
        }
    }

    private void expired(WebSocketLink from) {
        if (refresher.isPresent()) {
            refusedToken = from.token().orElse(null);
            interrupted(from, "The token has expired.");
        } else {
            end(Closing.of(DisconnectCode.TOKEN_EXPIRED, "The token has expired, and there is no source of tokens."));
        }
    }

    private void interrupted(WebSocketLink from, String reason) {
        if (from != link || ended != null) {
            return;
        }
        if (correlator.isOpen()) {
            pauses.lasted(Duration.ofNanos(System.nanoTime() - from.begunAt()));
        }
        drop(from);
        Duration pause = pauses.next();
        dispatcher.call(() -> state.interrupted(reason, pause));
        loop.later(pause, this::connect);
    }

    private void drop(WebSocketLink from) {
        link = null;
        pinged = null;
        refresher.ifPresent(TokenRefresher::stop);
        subscriptions.interrupted();
        correlator.interrupted();
        from.close();
    }

    /** Asks a silent server for a word, and gives it up when none comes: a dead network says nothing. */
    private void watch() {
        Duration half = options.times().ping().dividedBy(2);
        loop.later(half.toMillis() == 0 ? Duration.ofMillis(1) : half, () -> {
            look();
            watch();
        });
    }

    private void look() {
        WebSocketLink current = link;
        if (current == null || !correlator.isOpen()) {
            return;
        }
        long now = System.nanoTime();
        long ping = options.times().ping().toNanos();
        if (now - current.heardAt() <= ping) {
            pinged = null;
        } else if (pinged == null) {
            pinged = now;
            correlator.say(Command.Ping::new);
        } else if (now - pinged > ping) {
            interrupted(current, "The server is silent.");
        }
    }

    /** For what is asked for after the end. */
    RefusedException closed() {
        Closing closing = ended;
        return closing == null || closing.equals(Closing.BY_ITSELF)
                ? new RefusedException(ErrorCode.UNAVAILABLE, "The client is closed.")
                : closing.unsent();
    }

    private void drained() {
        subscriptions.resume();
    }

    /** The end: publishes without an answer fail, what waits for listeners is dropped, and the state's is the last call. */
    void end(Closing closing) {
        if (ended != null) {
            return;
        }
        ended = closing;
        WebSocketLink current = link;
        if (current != null) {
            drop(current);
        }
        correlator.abandon(closing);
        dispatcher.close(() -> state.closed(closing));
        loop.end();
    }
}
