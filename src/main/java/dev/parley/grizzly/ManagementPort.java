package dev.parley.grizzly;

import dev.parley.security.CredentialsReader;
import dev.parley.security.Guard;
import dev.parley.security.Limits;
import dev.parley.security.SharedBudget;
import dev.parley.settings.Settings;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.glassfish.grizzly.filterchain.Filter;

/**
 * The port for health checks and operators, with threads, places and memory of its own: it answers while the other one
 * has as many connections as it may, and while the clients leave. TLS is spoken there as at the other one, but not on
 * loopback, where a check by {@code curl} knows no certificate.
 */
final class ManagementPort {
    private final GuardAdapter guard;
    private final Listener listener;
    private final List<Filter> filters;

    /** Listens once it is started. */
    ManagementPort(Settings settings, CredentialsReader credentials, ScheduledExecutorService timer) {
        Limits limits = settings.limits();
        Guard door = settings.managementGuard();
        this.guard = new GuardAdapter(door, credentials);
        this.listener = new Listener(
                ListenAddress.of(settings.listen().management()),
                isSecure(settings) ? settings.listen().tls().map(tls -> Tls.engine(tls, timer)) : Optional.empty());
        AdmissionFilter admission = new AdmissionFilter(
                door,
                limits.handshakeTimeout(),
                Listener.KEEP_ALIVE,
                settings.front().sendBuffer());
        BodyFilter bodies = new BodyFilter(
                guard,
                new SharedBudget(limits.messageSize()),
                limits.messageSize(),
                settings.front().bodyTimeout(),
                timer);
        this.filters = List.of(admission, new UpgradeRefusals(), bodies);
    }

    /** @throws IOException when it cannot listen there */
    void start(RestHandler rest, LingeringClose close) throws IOException {
        listener.start(guard, close, filters, new ManagementHandler(guard, rest));
    }

    static boolean isSecure(Settings settings) {
        return settings.listen().tls().isPresent() && !settings.isManagedOnLoopback();
    }

    int port() {
        return listener.port();
    }

    void stop() {
        listener.refuse();
        listener.stop();
    }
}
