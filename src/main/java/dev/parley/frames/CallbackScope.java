package dev.parley.frames;

import java.util.Optional;

/**
 * In what a team's code is called: a request context of CDI is active, and what its Configurator has made by {@code
 * super.getEndpointInstance} has everything injected.
 */
final class CallbackScope {
    /** Changes nothing. */
    static final CallbackScope NONE = new CallbackScope(Optional.empty());

    private final Optional<Components> beans;

    CallbackScope(Optional<Components> beans) {
        this.beans = beans;
    }

    void run(Runnable callback) {
        if (beans.isEmpty()) {
            callback.run();
            return;
        }
        beans.get()
                .inRequest(() -> CdiComponents.with(beans.get(), () -> {
                    callback.run();
                    return Optional.empty();
                }));
    }
}
