package dev.parley.server;

import dev.parley.http.Drainable;
import dev.parley.http.Readiness;
import dev.parley.security.Guard;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/** What a node has to say of itself to operators, and what it has to end before the connections are cut. */
@ApplicationScoped
public class NodeReport implements Readiness, Notices, Drain, Drainable {
    private final AtomicBoolean begun = new AtomicBoolean();

    @Inject
    Node node;

    @Inject
    Guard guard;

    @Override
    public List<Check> checks() {
        return node.checks();
    }

    @Override
    public List<String> notices() {
        return node.shortcomings();
    }

    @Override
    public void drain() {
        guard.drain();
        node.drain();
    }

    @Override
    public void beginDrain() {
        if (!begun.getAndSet(true)) {
            guard.drain();
            node.blocking().execute(this::drain);
        }
    }

    @Override
    public Progress progress() {
        String stage = node.draining().stage().name().toLowerCase(Locale.ROOT);
        return new Progress(stage, node.connections().size());
    }
}
