package dev.parley.frames;

import dev.parley.websocket.ChannelEndpoint;
import dev.parley.websocket.EchoEndpoint;
import java.util.Optional;

/**
 * How the code of one endpoint is called: within its {@link CallbackScope}, and so that its failures reach its {@link
 * EndpointErrors}. Thread-safe.
 *
 * @param ours of this server: they fail as Tyrus has it, and for them to do all that would cost more than a small message
 */
record EndpointCallbacks(boolean ours, CallbackScope scope, EndpointErrors errors) {
    static EndpointCallbacks of(Class<?> endpoint, Optional<Components> beans, EndpointErrors errors) {
        boolean ours = endpoint == EchoEndpoint.class || endpoint == ChannelEndpoint.class;
        return new EndpointCallbacks(ours, ours ? CallbackScope.NONE : new CallbackScope(beans), errors);
    }

    /** Opens a session. */
    void open(Runnable opening) {
        scope.run(() -> errors.around(true, opening));
    }

    /** Tells a session something. */
    void call(Runnable callback) {
        if (ours) {
            callback.run();
        } else {
            scope.run(() -> errors.around(false, callback));
        }
    }
}
