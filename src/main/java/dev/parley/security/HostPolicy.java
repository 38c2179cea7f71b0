package dev.parley.security;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which names the server answers to.
 *
 * <p>The hard case it is for is DNS rebinding: a page of {@code evil.example}, whose name server suddenly says
 * 127.0.0.1, talks to a server on the reader's own machine. For the browser that is the same origin, so the Origin
 * check sees nothing wrong; but the Host is still {@code evil.example}.
 */
public final class HostPolicy {
    private static final String EVERY = "*";

    private final boolean onLoopback;
    private final boolean everyName;
    private final Set<String> names;

    private HostPolicy(boolean onLoopback, List<String> names) {
        this.onLoopback = onLoopback;
        this.everyName = names.contains(EVERY) || (names.isEmpty() && !onLoopback);
        this.names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /** For a server reached from its own machine only: loopback names, and those listed, as a proxy in front has them. */
    public static HostPolicy onLoopback(List<String> names) {
        return new HostPolicy(true, names);
    }

    /** For a server that others reach: the names listed, or every name when none is. */
    public static HostPolicy open(List<String> names) {
        return new HostPolicy(false, names);
    }

    Optional<Refusal> check(List<String> hosts) {
        if (hosts.size() > 1) {
            return Optional.of(new Refusal(400, "The request has more than one Host."));
        }
        if (hosts.isEmpty()) {
            return everyName ? Optional.empty() : Optional.of(new Refusal(400, "The request has no Host."));
        }
        Optional<Authority> host = Authority.parse(hosts.get(0));
        if (host.isEmpty()) {
            return Optional.of(new Refusal(400, "The request's Host is no host."));
        }
        return isOurs(host.get())
                ? Optional.empty()
                : Optional.of(new Refusal(
                        403,
                        onLoopback
                                ? "This server answers only to names of its own machine, such as localhost,"
                                        + " or to those in parley.hosts."
                                : "This server answers only to the names in parley.hosts."));
    }

    private boolean isOurs(Authority authority) {
        return everyName || (onLoopback && authority.isLoopback()) || names.contains(authority.host());
    }
}
