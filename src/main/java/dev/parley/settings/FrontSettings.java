package dev.parley.settings;

import dev.parley.security.Proxies;
import java.time.Duration;
import java.util.List;

/**
 * What the standalone front lets through; an application server has its own of all these.
 *
 * @param proxies {@code parley.proxies}: the addresses and ranges of proxies that are believed when they say for whom they
 *     ask; none by default
 * @param fragments {@code parley.limits.fragments} of one message; the smallest buffers that clients fragment by are 4 KB,
 *     so that the default is a message of 64 MB
 * @param bodyTimeout {@code parley.limits.body-timeout}: the body of a request of which so long little has come is refused
 * @param unfinishedSize {@code parley.limits.unfinished-size}: bytes of messages and bodies that have not come whole, of
 *     all clients together; a quarter of the heap by default
 * @param sendBuffer {@code parley.limits.send-buffer}: bytes that the system shall keep of what one connection has not
 *     taken; Linux keeps up to twice that, and with 0 up to 4 MB for each client that does not read
 * @param endpoints what a team's endpoints may have
 * @param compression {@code parley.compression}: whether clients may compress messages ({@code permessage-deflate})
 */
public record FrontSettings(
        Proxies proxies,
        int fragments,
        Duration bodyTimeout,
        long unfinishedSize,
        int sendBuffer,
        EndpointSettings endpoints,
        boolean compression) {
    private static final int FRAGMENTS = 16_384;
    private static final Duration BODY_TIMEOUT = Duration.ofSeconds(30);
    private static final int SEND_BUFFER = 256 * 1024;
    private static final int SHARE_OF_HEAP = 4;
    private static final int LEAST_UNFINISHED = 1024 * 1024;

    static FrontSettings read(SettingsReader reader) {
        int heapShare = (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
        return new FrontSettings(
                proxies(reader.list("parley.proxies")),
                reader.number("parley.limits.fragments", FRAGMENTS, 1, Integer.MAX_VALUE),
                reader.duration("parley.limits.body-timeout", BODY_TIMEOUT),
                reader.bytes("parley.limits.unfinished-size", heapShare, LEAST_UNFINISHED),
                reader.bytes("parley.limits.send-buffer", SEND_BUFFER, 0),
                EndpointSettings.read(reader),
                reader.flag("parley.compression", false));
    }

    private static Proxies proxies(List<String> networks) {
        try {
            return Proxies.of(networks);
        } catch (IllegalArgumentException e) {
            throw new SettingException("In parley.proxies " + e.getMessage() + ".");
        }
    }
}
