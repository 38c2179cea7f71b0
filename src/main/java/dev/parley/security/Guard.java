package dev.parley.security;

import java.util.Optional;

/**
 * The guard at the door: decides on a handshake or request before anything of it is looked at further. It is asked by a
 * servlet filter in the WAR and by the front standalone, since what an endpoint itself may be asked by its container
 * (the Configurator's {@code checkOrigin}) sees neither Host nor address, and cannot refuse portably: Tyrus answers 403,
 * Undertow 404.
 *
 * <p>Thread-safe; never blocks.
 */
public final class Guard {
    private final HostPolicy hosts;
    private final OriginPolicy origins;
    private final Admissions admissions;

    /** The limits give how many connections there may be, in all and of one address. */
    public Guard(HostPolicy hosts, OriginPolicy origins, Limits limits) {
        this.hosts = hosts;
        this.origins = origins;
        this.admissions = new Admissions(limits.connections(), limits.connectionsPerAddress());
    }

    /** Empty when the caller may go on. */
    public Optional<Refusal> check(Caller caller) {
        Optional<Refusal> refusal = hosts.check(caller.hosts());
        return refusal.isPresent() ? refusal : origins.check(caller);
    }

    /** Asks for a place for one more connection from this address. */
    public Admission admit(String address) {
        return admissions.admit(address);
    }

    /** How many connections hold a ticket just now. */
    public int connections() {
        return admissions.count();
    }
}
