package dev.parley.client;

/**
 * How much a client takes and keeps.
 *
 * @param publishesWaiting how many publishes may be without an answer; one more fails with {@code too-many-publishes}
 * @param bytesWaiting how many bytes of them, roughly
 * @param publishesAtOnce of one channel may be under way at the same time. With 1 the messages of this client are stored
 *     in the order in which they were published, whatever happens. With more it is faster, and the order is lost where
 *     the server refuses one for now ({@code unavailable}, {@code too-many-commands}) and takes the one behind it
 * @param maxMessage bytes of the largest message the server may send; what is larger is mentioned with its size, as a
 *     {@link dev.parley.protocol.Body.Reference}. Tyrus takes 4 MB at most unless it is told otherwise
 */
public record ClientLimits(int publishesWaiting, long bytesWaiting, int publishesAtOnce, int maxMessage) {
    /** 10,000 publishes or 64 MB of them, one at once, messages of 1 MB. */
    public static final ClientLimits DEFAULTS = new ClientLimits(10_000, 64L * 1024 * 1024, 1, 1024 * 1024);

    public ClientLimits {
        if (publishesWaiting < 1 || bytesWaiting < 1 || publishesAtOnce < 1 || maxMessage < 1_024) {
            throw new IllegalArgumentException(
                    "Limits are 1 at least, and maxMessage 1,024: " + publishesWaiting + " publishes, " + bytesWaiting
                            + " bytes, " + publishesAtOnce + " at once, messages of " + maxMessage + " bytes");
        }
    }

    public ClientLimits withPublishesWaiting(int most) {
        return new ClientLimits(most, bytesWaiting, publishesAtOnce, maxMessage);
    }

    public ClientLimits withPublishesAtOnce(int most) {
        return new ClientLimits(publishesWaiting, bytesWaiting, most, maxMessage);
    }

    public ClientLimits withMaxMessage(int bytes) {
        return new ClientLimits(publishesWaiting, bytesWaiting, publishesAtOnce, bytes);
    }
}
