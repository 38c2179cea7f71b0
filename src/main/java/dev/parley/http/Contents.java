package dev.parley.http;

import dev.parley.protocol.Body;
import dev.parley.protocol.Position;
import dev.parley.security.Identity;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Where the bytes of binary messages come from. */
@FunctionalInterface
public interface Contents {
    /**
     * The bytes at a position; empty when there is no such message any more or it is not binary. Completes on a thread
     * that may wait for a client.
     */
    CompletionStage<Optional<Body.Binary>> content(Identity reader, String channel, Position position);
}
