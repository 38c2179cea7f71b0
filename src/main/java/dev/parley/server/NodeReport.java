package dev.parley.server;

import dev.parley.http.Readiness;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** What a node has to say of itself to operators, and what it has to end before the connections are cut. */
@ApplicationScoped
public class NodeReport implements Readiness, Notices, Drain {
    @Inject
    Node node;

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
        node.close();
    }
}
