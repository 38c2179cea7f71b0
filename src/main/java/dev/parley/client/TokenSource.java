package dev.parley.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/**
 * Gives a token when one is needed: at each connection, and some time before the last one expires. It returns at once,
 * and completes when it has the token; a failure counts as a connection that failed, and is tried again.
 */
@FunctionalInterface
public interface TokenSource {
    CompletionStage<String> token();

    /** One that waits for its token: a thread of its own does that. */
    static TokenSource blocking(Supplier<String> supplier, ThreadFactory threads) {
        return () -> CompletableFuture.supplyAsync(supplier, task -> {
            Thread thread = threads.newThread(task);
            thread.setName("parley-client-token");
            thread.start();
        });
    }

    /** Whatever this does wrong comes as a failure later. */
    default CompletionStage<String> ask() {
        try {
            return token();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
