package dev.parley.connection;

import dev.parley.api.Credentials;
import dev.parley.api.Identities;
import dev.parley.api.Identity;
import dev.parley.channel.HubChannels;
import dev.parley.channel.Representation;
import dev.parley.concurrent.FailureLog;
import dev.parley.concurrent.GuardedTimer;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.Push;
import dev.parley.security.GivenSecrets;
import dev.parley.security.Limits;
import dev.parley.security.RevocationList;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** This node's connections, and what they share. Thread-safe. */
public final class Connections implements AutoCloseable {
    /** How often each connection is looked after. */
    static final Duration LOOK = Duration.ofSeconds(1);

    private static final int ID_BYTES = 12;
    private static final System.Logger LOGGER = System.getLogger(Connections.class.getName());
    private static final FailureLog FAILURES = new FailureLog(LOGGER);

    private final HubChannels channels;
    private final RevocationList revoked = new RevocationList();
    private final Identities identities;
    private final GivenSecrets secrets;
    private final Limits limits;
    private final Pings pings;
    private final Executor delivery;
    private final Executor closing;
    private final Executor pinging;
    private final Function<String, Executor> foreign;
    private final ScheduledExecutorService timer;
    private final CommandInterpreter interpreter;
    private final Leases leases;
    private final RequestRates rates;
    private final PublishRates publishRates;
    private final ScheduledFuture<?> checks;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final SecureRandom random = new SecureRandom();
    private volatile boolean stopping;

    /**
     * What connections run on.
     *
     * @param delivery sends batches; must not be blocked
     * @param closing may wait for a client, as when a container closes a session
     * @param pinging the same for pings, which must not stand behind what closes
     * @param foreign by the name of an owner, such as an endpoint's class: for a team's own code, which may wait
     * @param timer for short tasks
     */
    public record Executors(
            Executor delivery,
            Executor closing,
            Executor pinging,
            Function<String, Executor> foreign,
            ScheduledExecutorService timer) {}

    /**
     * Who callers are.
     *
     * @param secrets that clients of this node, and of others of the same server, were given
     */
    public record Callers(Identities identities, GivenSecrets secrets) {}

    /** Whose clients no other node knows. */
    public Connections(HubChannels channels, Identities identities, Limits limits, Pings pings, Executors threads) {
        this(channels, new Callers(identities, GivenSecrets.ofThisProcess()), limits, pings, threads);
    }

    public Connections(HubChannels channels, Callers callers, Limits limits, Pings pings, Executors threads) {
        this.channels = channels;
        this.identities = revoked.watchOver(callers.identities());
        this.secrets = callers.secrets();
        this.limits = limits;
        this.pings = pings;
        this.delivery = threads.delivery();
        this.closing = threads.closing();
        this.pinging = threads.pinging();
        this.foreign = threads.foreign();
        this.timer = threads.timer();
        this.interpreter = new CommandInterpreter(this, channels);
        this.leases = new Leases(limits, pings, threads.closing());
        this.rates = new RequestRates(limits);
        this.publishRates = new PublishRates(limits.publishRate());
        this.checks = GuardedTimer.every(threads.timer(), LOOK, LOOK, this::check);
    }

    /**
     * A connection that speaks {@code v1.parley}, and the pipeline of what its client asks.
     *
     * @param shown what the handshake showed of who the client is
     */
    public CommandPipeline converse(Transport transport, Credentials shown) {
        Connection connection = add(transport, Identity.NOBODY, WireRepresentation.whole());
        return new CommandPipeline(connection, this, shown);
    }

    /** A connection of an endpoint of its own making: only cursors, no commands. It must say who it is first. */
    public Connection open(Transport transport, Representation representation) {
        return add(transport, Identity.NOBODY, representation);
    }

    /** A connection of somebody who is known already: only cursors, no commands. */
    public Connection open(Transport transport, Representation representation, Identity identity) {
        return add(transport, identity, representation);
    }

    /** Does something later, unless it is cancelled before. It must not block. */
    public Future<?> after(Duration delay, Runnable action) {
        try {
            return GuardedTimer.after(timer, delay, action);
        } catch (RejectedExecutionException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "The node has ended", e);
            return CompletableFuture.completedFuture(null);
        }
    }

    /** Carries out what clients ask. */
    public CommandInterpreter interpreter() {
        return interpreter;
    }

    /** Who reads by one request after the other. */
    public Leases leases() {
        return leases;
    }

    /** How fast such clients ask. */
    public RequestRates rates() {
        return rates;
    }

    /**
     * Ends all connections of a user on this node. Who wants that on every node, and that the user cannot come back,
     * has them revoked.
     */
    public void disconnect(String user, DisconnectCode code) {
        each(of(user), connection -> connection.close(code));
    }

    /** Whose credentials are withdrawn. */
    public RevocationList revoked() {
        return revoked;
    }

    /** Ends the connections of those whose credentials are withdrawn. */
    public void endRevoked() {
        leases.end(revoked::includes);
        each(open.stream().filter(Connection::isRevoked), Connection::revoke);
    }

    public void endSubscriptions(String user, String channel) {
        leases.leave(user, channel);
        each(of(user), connection -> connection.end(channel));
    }

    private Stream<Connection> of(String user) {
        return open.stream().filter(connection -> connection.identity().user().equals(user));
    }

    public HubChannels channels() {
        return channels;
    }

    public Identities identities() {
        return identities;
    }

    /** Secrets that clients are given, to be the same again. */
    public GivenSecrets secrets() {
        return secrets;
    }

    public Limits limits() {
        return limits;
    }

    /** For the end of a session, which a transport may have to wait for. */
    public Executor closing() {
        return closing;
    }

    /** For its pings, which may wait for the client too. */
    public Executor pinging() {
        return pinging;
    }

    /** For the code of a team's own, by the name of whose it is: what waits there holds up nobody else. */
    public Executor foreign(String owner) {
        return foreign.apply(owner);
    }

    public int size() {
        return open.size();
    }

    /** From now on new ones are closed at once. */
    public void refuse() {
        stopping = true;
    }

    /**
     * Tells some of the clients, whichever, to come back: here after a restart, or at another node.
     *
     * @param within seconds; they come back at a moment by chance within them
     * @return how many were told; fewer than asked for when no more are left
     */
    public int release(int count, int within) {
        Push.Disconnect word = new Push.Disconnect(DisconnectCode.RESTART, OptionalInt.of(within));
        int told = 0;
        for (Connection connection : open) {
            if (told == count) {
                break;
            }
            if (!connection.isEnding()) {
                guarded(connection, ending -> ending.close(word));
                told++;
            }
        }
        return told;
    }

    @Override
    public void close() {
        checks.cancel(false);
    }

    PublishRates publishRates() {
        return publishRates;
    }

    Pings pings() {
        return pings;
    }

    Executor delivery() {
        return delivery;
    }

    void remove(Connection connection) {
        open.remove(connection);
    }

    private Connection add(Transport transport, Identity identity, Representation representation) {
        Connection connection = new Connection(newId(), this, transport, identity, representation);
        open.add(connection);
        if (stopping) {
            connection.close(DisconnectCode.RESTART);
        } else if (limits.connections() > 0 && open.size() > limits.connections()) {
            connection.close(DisconnectCode.OVERLOADED);
        }
        return connection;
    }

    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return "c" + HexFormat.of().formatHex(bytes);
    }

    private void check() {
        long now = System.nanoTime();
        GuardedTimer.guarded(() -> leases.check(now)).run();
        GuardedTimer.guarded(() -> rates.check(now)).run();
        GuardedTimer.guarded(() -> publishRates.check(now)).run();
        each(open.stream(), connection -> {
            connection.check(now);
            connection.checkToken();
            connection.checkRevoked();
        });
    }

    private static void each(Stream<Connection> some, Consumer<Connection> action) {
        some.forEach(connection -> guarded(connection, action));
    }

    /** What goes wrong with one connection keeps nobody from looking after the others. */
    private static void guarded(Connection connection, Consumer<Connection> action) {
        try {
            action.accept(connection);
        } catch (Throwable e) {
            FAILURES.failed("A connection could not be looked after", e);
        }
    }
}
