package dev.parley.server;

import dev.parley.http.Lifecycle;
import dev.parley.security.Guard;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/** What a node says of itself to operators and does for them, and what it has to end before the connections are cut. */
@ApplicationScoped
public class NodeReport implements Lifecycle {
    private final AtomicBoolean begun = new AtomicBoolean();

    @Inject
    Node node;

    @Inject
    Guard guard;

    @Override
    public List<Check> checks() {
        return node.checks();
    }

    /** What whoever starts the server should know, such as that the log is not durable; one line each. */
    public List<String> notices() {
        return node.shortcomings();
    }

    /**
     * Ends in good order what is to be ended before the connections are cut: clients are told to come back, and what was
     * acknowledged is stored. Returns within a few seconds.
     */
    public void drain() {
        guard.drain();
        node.drain();
    }

    @Override
    public void beginDrain() {
        if (!begun.getAndSet(true)) {
            guard.drain();
            node.waiting().draining().execute(this::drain);
        }
    }

    @Override
    public Progress progress() {
        String stage = node.draining().stage().name().toLowerCase(Locale.ROOT);
        return new Progress(stage, node.connections().size());
    }
}
