package dev.parley.frames;

/** Makes instances of endpoints, encoders and decoders, with everything injected. Thread-safe. */
public interface Components {
    /** An instance that is nobody else's; whoever asks for it destroys it. */
    <T> T create(Class<T> type);

    /** Destroys it, and with it all that was made for it alone; false when it was not made here. */
    boolean destroy(Object instance);

    /** Runs what calls a team's code, with a request context of CDI that ends with it. */
    void inRequest(Runnable callback);
}
