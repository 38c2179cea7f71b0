package dev.parley.settings;

/**
 * What a team's endpoints may have of the standalone server; {@code parley.endpoints.*}. On an application server they have
 * what that gives them.
 *
 * @param threads {@code threads}: so many of their methods run at a time, half of them of one class at most; 128
 * @param sendQueue {@code send-queue}: bytes of memory for what waits to be sent to one session, where it is more than one
 *     message; each byte of a text takes about three; 4 MB
 * @param sendMemory {@code send-memory}: the same of all sessions together; an eighth of the heap by default
 */
public record EndpointSettings(int threads, int sendQueue, long sendMemory) {
    private static final int THREADS = 128;
    private static final int MOST_THREADS = 100_000;
    private static final int SEND_QUEUE = 4 * 1024 * 1024;
    private static final int SHARE_OF_HEAP = 8;
    private static final int LEAST = 64 * 1024;

    static EndpointSettings read(SettingsReader reader) {
        int heapShare = (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
        return new EndpointSettings(
                reader.number("parley.endpoints.threads", THREADS, 1, MOST_THREADS),
                reader.bytes("parley.endpoints.send-queue", SEND_QUEUE, LEAST),
                reader.bytes("parley.endpoints.send-memory", heapShare, LEAST));
    }
}
