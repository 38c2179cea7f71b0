package dev.parley.http;

import dev.parley.protocol.Position;
import dev.parley.security.Identity;
import java.util.concurrent.CompletionStage;

/** Ends users' connections and subscriptions, on every node. */
public interface Revoker {
    /**
     * Ends all connections of a user, and refuses the tokens issued to that user until now, or a guest's secret. Complete
     * when it is stored.
     *
     * @throws dev.parley.protocol.RefusedException for what can be no user
     */
    CompletionStage<Position> disconnect(Identity operator, String user);

    /**
     * Ends a user's subscriptions to one channel. Complete when it is stored.
     *
     * @throws dev.parley.protocol.RefusedException for what can be no user or channel
     */
    CompletionStage<Position> unsubscribe(Identity operator, String user, String channel);
}
