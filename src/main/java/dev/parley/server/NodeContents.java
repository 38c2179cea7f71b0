package dev.parley.server;

import dev.parley.http.Contents;
import dev.parley.protocol.Body;
import dev.parley.protocol.Position;
import dev.parley.security.Identity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The contents of messages are in the node's log. */
@ApplicationScoped
public class NodeContents implements Contents {
    @Inject
    Node node;

    @Override
    public CompletionStage<Optional<Body.Binary>> content(Identity reader, String channel, Position position) {
        return node.content(reader, channel, position);
    }
}
