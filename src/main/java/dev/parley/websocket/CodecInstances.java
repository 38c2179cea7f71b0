package dev.parley.websocket;

/** Makes the Encoders and Decoders through which channels are joined, with what they inject. Thread-safe. */
public interface CodecInstances {
    /** By their constructor without parameters, with nothing injected: of who has no CDI. */
    CodecInstances PLAIN = new CodecInstances() {
        @Override
        public <T> T create(Class<T> type) {
            try {
                return type.getDeclaredConstructor().newInstance();
            } catch (ReflectiveOperationException e) {
                throw new IllegalArgumentException(type + " needs a public constructor without parameters", e);
            }
        }
    };

    /**
     * One that is nobody else's, and lives as long as the node.
     *
     * @throws RuntimeException when it cannot be made
     */
    <T> T create(Class<T> type);
}
