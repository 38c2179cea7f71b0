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
final class Connector implements Link.Ears {
    private static final System.Logger LOGGER = System.getLogger(Connector.class.getName());

    private final ClientOptions options;
    private final WebSocketContainer container;
    private final StateListener state;
    private final Loop loop;
    private final Dispatcher dispatcher;
    private final Exchange exchange;
    private final Subscriptions subscriptions;
    private final Optional<Refresher> refresher;
    private final Backoff pauses;
    private final Backoff retries;
    private Optional<String> secret;
    private @Nullable String refusedToken;
    private @Nullable Link link;
    private boolean ended;

    /** When the server was asked for a word that has not come yet. */
    private @Nullable Long pinged;

    Connector(ClientOptions options, StateListener state, WebSocketContainer container, Publishes publishes) {
        this.options = options;
        this.state = state;
        this.container = container;
        this.secret = options.secret();
        this.loop = new Loop(options.threads());
        this.exchange = new Exchange(publishes);
        this.dispatcher = new Dispatcher(options.threads(), () -> loop.run(this::drained));
        this.subscriptions = new Subscriptions(loop, exchange, dispatcher);
        RandomGenerator random = RandomGenerator.getDefault();
        this.refresher =
                options.tokens().map(source -> new Refresher(loop, exchange, source, InstantSource.system(), random));
        this.pauses = backoff(random);
        this.retries = backoff(random);
    }

    private Backoff backoff(RandomGenerator random) {
        return new Backoff(options.times().firstPause(), options.times().longestPause(), random);
    }

    Loop loop() {
        return loop;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    Exchange exchange() {
        return exchange;
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    void start() {
        loop.run(this::connect);
        watch();
    }

    private void connect() {
        if (ended) {
            return;
        }
        Link next = new Link(this, options.limits().maxMessage());
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
    private void giveUp(Link hanging) {
        if (hanging == link && !exchange.isOpen()) {
            Duration most = options.times().connect();
            interrupted(hanging, "There was no connection within " + most.toMillis() + " ms (ClientTimes.connect).");
        }
    }

    private void tokenCame(Link next, @Nullable String token, @Nullable Throwable failure) {
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

    private void open(Link next, Optional<String> token) {
        next.shows(token);
        Thread thread = options.threads().newThread(() -> next.open(container, options.uri()));
        thread.setName("parley-client-connect");
        thread.start();
    }

    @Override
    public void opened(Link opened) {
        loop.run(() -> {
            if (opened != link) {
                opened.close();
                return;
            }
            exchange.use(opened);
            exchange.ask(
                    id -> new Command.Connect(
                            id,
                            opened.token(),
                            secret,
                            options.name(),
                            OptionalInt.of(options.limits().maxMessage())),
                    reply -> greeted(opened, reply));
        });
    }

    private void greeted(Link from, Reply reply) {
        if (from != link) {
            return;
        }
        if (reply instanceof Reply.Connected connected) {
            secret = connected.secret().or(() -> secret);
            refusedToken = null;
            dispatcher.call(() -> state.open(connected));
            subscriptions.open(from);
            exchange.identified(connected.user());
            from.token().ifPresent(token -> refresher.ifPresent(one -> one.taken(token, connected.expires())));
        } else if (reply instanceof Reply.Failed failed) {
            turnedAway(from, failed);
        }
    }

    private void turnedAway(Link from, Reply.Failed failed) {
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
    public void received(Link from, FromServer message) {
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

    private void replied(Link from, Reply reply) {
        if (from != link) {
            return;
        }
        if (reply instanceof Reply.Published) {
            retries.reset();
        } else if (reply instanceof Reply.Failed failed && failed.id().isEmpty()) {
            LOGGER.log(System.Logger.Level.WARNING, "The server could not read a command: {0}", failed.message());
        }
        if (exchange.replied(reply)) {
            loop.later(retries.next(), exchange::proceed);
        }
    }

    @Override
    public void ended(Link from, int code, String reason) {
        loop.run(() -> {
            if (from == link) {
                ended(from, code, CloseCodes.comesBack(code), reason);
            }
        });
    }

    /** The close that follows finds the link dropped. */
    private void told(Link from, Push.Disconnect disconnect) {
        if (from == link) {
            disconnect.within().ifPresent(seconds -> pauses.within(Duration.ofSeconds(seconds)));
            DisconnectCode code = disconnect.code();
            ended(from, code.code(), CloseCodes.comesBack(code.code()), code.sentence());
        }
    }

    private void ended(Link from, int code, boolean comesBack, String reason) {
        if (code == DisconnectCode.TOKEN_EXPIRED.code()) {
            expired(from);
        } else if (comesBack || (code == DisconnectCode.TOO_LARGE.code() && exchange.failLargest())) {
            interrupted(from, CloseCodes.describe(code, reason));
        } else {
            end(new Closing(CloseCodes.name(code), reason));
        }
    }

    private void expired(Link from) {
        if (refresher.isPresent()) {
            refusedToken = from.token().orElse(null);
            interrupted(from, "The token has expired.");
        } else {
            end(Closing.of(DisconnectCode.TOKEN_EXPIRED, "The token has expired, and there is no source of tokens."));
        }
    }

    private void interrupted(Link from, String reason) {
        if (from != link || ended) {
            return;
        }
        if (exchange.isOpen()) {
            pauses.lasted(Duration.ofNanos(System.nanoTime() - from.begunAt()));
        }
        drop(from);
        Duration pause = pauses.next();
        dispatcher.call(() -> state.interrupted(reason, pause));
        loop.later(pause, this::connect);
    }

    private void drop(Link from) {
        link = null;
        pinged = null;
        refresher.ifPresent(Refresher::stop);
        subscriptions.interrupted();
        exchange.interrupted();
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
        Link current = link;
        if (current == null || !exchange.isOpen()) {
            return;
        }
        long now = System.nanoTime();
        long ping = options.times().ping().toNanos();
        if (now - current.heardAt() <= ping) {
            pinged = null;
        } else if (pinged == null) {
            pinged = now;
            exchange.say(Command.Ping::new);
        } else if (now - pinged > ping) {
            interrupted(current, "The server is silent.");
        }
    }

    private void drained() {
        subscriptions.resume();
    }

    /** The end: publishes without an answer fail, what waits for listeners is dropped, and the state's is the last call. */
    void end(Closing closing) {
        if (ended) {
            return;
        }
        ended = true;
        Link current = link;
        if (current != null) {
            drop(current);
        }
        exchange.abandon(new RefusedException(
                ErrorCode.UNAVAILABLE,
                "The client is closed (" + closing.name() + "): whether this was stored, nobody can tell."));
        dispatcher.close(() -> state.closed(closing));
        loop.end();
    }
}
