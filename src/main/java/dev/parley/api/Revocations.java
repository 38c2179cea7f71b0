package dev.parley.api;

import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import java.util.concurrent.CompletionStage;

/**
 * Ends users' connections and subscriptions, on every node. Inject it.
 *
 * <pre>{@code
 * @Inject Revocations revocations;
 *
 * revocations.disconnect(caller.identity(), "ann");
 * }</pre>
 *
 * <p>What is withdrawn holds after a restart too, for as long as the history of the namespace {@code parley} goes back.
 * Non-blocking and thread-safe; whether the operator may do so is for the caller to have asked.
 */
public interface Revocations {
    /**
     * Ends all connections of a user, and refuses the tokens issued to that user until now, or a guest's secret. The user
     * is gone from every channel at once, without the time of grace.
     *
     * @param operator who does it, for the log
     * @return complete when it is stored, which other nodes learn within a moment; fails as a publish does
     * @throws RefusedException {@code invalid-name}, for what can be no user
     */
    CompletionStage<Position> disconnect(Identity operator, String user);

    /**
     * Ends a user's subscriptions to one channel. Whether the user may subscribe again is for the policy to say.
     *
     * @param operator who does it, for the log
     * @return complete when it is stored; fails as a publish does
     * @throws RefusedException {@code invalid-name}, for what can be no user or channel
     */
    CompletionStage<Position> unsubscribe(Identity operator, String user, String channel);
}
