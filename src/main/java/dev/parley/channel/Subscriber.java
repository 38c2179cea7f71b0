package dev.parley.channel;

/** Who reads from a subscription. */
public interface Subscriber {
    /**
     * There may be something to take from the subscription. Called by any thread, often, also when there is nothing;
     * must neither block nor throw.
     */
    void ready(Subscription subscription);
}
