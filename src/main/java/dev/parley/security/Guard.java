package dev.parley.security;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The guard at the door: decides on a handshake or request before anything of it is looked at further. It is asked by a
 * servlet filter in the WAR and by filters of Grizzly standalone, since what an endpoint itself may be asked by its
 * container (the Configurator's {@code checkOrigin}) sees neither Host nor address, and cannot refuse portably: Tyrus
 * answers 403, Undertow 404.
 *
 * <p>Thread-safe; never blocks.
 */
public final class Guard {
    /** To a proxy that is believed, where what it says of its client is not to be read, or is two things. */
    public static final Refusal DOUBTFUL_CALLER = new Refusal(
            400,
            "What the proxy says of its client, in Forwarded or X-Forwarded-For, -Proto and -Host, cannot be read, or"
                    + " differs between the two.");

    private static final Optional<Refusal> STOPPING =
            Optional.of(new Refusal(503, "The server is stopping. Try again later."));

    private final HostPolicy hosts;
    private final OriginPolicy origins;
    private final Proxies proxies;
    private final ConnectionLimiter limiter;
    private volatile boolean draining;

    /** The limits give how many connections there may be, in all and of one address. No proxy is believed. */
    public Guard(HostPolicy hosts, OriginPolicy origins, Limits limits) {
        this(hosts, origins, limits, Proxies.NONE);
    }

    /** The same behind proxies that are believed. */
    public Guard(HostPolicy hosts, OriginPolicy origins, Limits limits, Proxies proxies) {
        this(
                hosts,
                origins,
                proxies,
                new ConnectionLimiter(
                        "parley.limits.connections", limits.connections(), limits.connectionsPerAddress()));
    }

    private Guard(HostPolicy hosts, OriginPolicy origins, Proxies proxies, ConnectionLimiter limiter) {
        this.hosts = hosts;
        this.origins = origins;
        this.proxies = proxies;
        this.limiter = limiter;
    }

    /**
     * The guard of a port for operators alone: it counts by itself, so that others who have come take no place there.
     *
     * @param reserve connections at once
     */
    public static Guard ofManagement(HostPolicy hosts, int reserve) {
        return new Guard(
                hosts,
                new OriginPolicy(List.of()),
                Proxies.NONE,
                new ConnectionLimiter("parley.management.reserve", reserve, 0));
    }

    /** Empty when the caller may go on. */
    public Optional<Refusal> check(Caller caller) {
        Optional<Refusal> refusal = hosts.check(caller.hosts());
        return refusal.isPresent() ? refusal : origins.check(caller);
    }

    /**
     * The same of a request that only reads a file that is anybody's: what page asks for it makes no difference, and a proxy
     * that sends another Host need not keep a page from its own scripts.
     */
    public Optional<Refusal> checkPublic(Caller caller) {
        return hosts.check(caller.hosts());
    }

    /**
     * The same of a request that asks whether the server lives or is ready: one without a Host, as load balancers send by
     * HTTP/1.0, is answered. No browser sends one, so no page can have another name rebound to this server by it.
     */
    public Optional<Refusal> checkProbe(Caller caller) {
        return caller.hosts().isEmpty() ? origins.check(caller) : check(caller);
    }

    /** Lets no further WebSocket in, since the server is about to stop; requests are still answered. */
    public void drain() {
        draining = true;
    }

    /** What is asked besides of a request that opens a WebSocket; empty when it may. */
    public Optional<Refusal> checkHandshake() {
        return draining ? STOPPING : Optional.empty();
    }

    /**
     * The headers by which a page of another origin, of those that are listed, may read the answer; none for any other.
     */
    public Map<String, String> crossOrigin(Caller caller) {
        return origins.crossOrigin(caller);
    }

    /**
     * Whether cookies and a container's login, which browsers send along by themselves, say who the caller is; false for
     * pages that only {@code parley.origins=*} lets in.
     */
    public boolean believesCookies(Caller caller) {
        return origins.believesCookies(caller);
    }

    /**
     * On whose behalf a proxy asks, when it is one that is believed; else the caller as it is.
     *
     * @param headers gives every value of the header of a name
     * @return empty when the proxy says what cannot be read, or two things
     */
    public Optional<Caller> behindProxies(Caller caller, Function<String, List<String>> headers) {
        return proxies.behind(caller, headers);
    }

    /**
     * Asks for a place for one more connection from this address. A proxy that is believed has as many as it asks for:
     * whom it asks for is known later, and counted by {@link #admitBehindProxy}.
     */
    public Admission admit(String address) {
        return proxies.include(address) ? limiter.admitAny() : limiter.admit(address);
    }

    /** Asks for a place for a client of a proxy, whose connection has its place already. */
    public Admission admitBehindProxy(String address) {
        return limiter.admitOfAddress(address);
    }

    /** Whether there is a limit on the connections of one address. */
    public boolean countsAddresses() {
        return limiter.countsAddresses();
    }

    /** How many connections hold a permit just now. */
    public int connections() {
        return limiter.count();
    }
}
