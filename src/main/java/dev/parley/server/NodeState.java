package dev.parley.server;

import dev.parley.http.Readiness;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** What the node says of itself: to an operator's probes, at the start, and when the server is about to stop. */
@ApplicationScoped
public class NodeState implements Readiness, Notices, Drain {
    private static final String NAME = "log";

    @Inject
    Node node;

    @Override
    public List<Check> checks() {
        List<String> reasons = node.notReady();
        return reasons.isEmpty()
                ? List.of(Check.up(NAME))
                : reasons.stream().map(reason -> Check.down(NAME, reason)).toList();
    }

    @Override
    public List<String> notices() {
        return node.shortcomings();
    }

    @Override
    public void drain() {
        node.drain();
    }
}
