package dev.parley.frames;

import dev.parley.security.Caller;
import dev.parley.security.Credentials;
import dev.parley.security.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.glassfish.tyrus.core.TyrusUpgradeResponse;
import org.glassfish.tyrus.spi.UpgradeResponse;
import org.glassfish.tyrus.spi.WebSocketEngine;

/** Finds the endpoint for an opening handshake, and agrees with the client on what its frames are like. Thread-safe. */
public final class Upgrades {
    private static final String EXTENSIONS = "Sec-WebSocket-Extensions";
    private static final Refusal NO_ENDPOINT = new Refusal(404, "There is no WebSocket endpoint at this address.");

    /** RFC 6455 section 9.1. */
    private static final Refusal UNREADABLE_OFFERS =
            new Refusal(400, "The header Sec-WebSocket-Extensions is not well formed.");

    private final EndpointEngine engine;
    private final FrameReader.Bounds bounds;
    private final FrameReader.Bounds uncompressed;
    private final UnfinishedMessages unfinished;

    public Upgrades(EndpointEngine engine, FrameReader.Bounds bounds, UnfinishedMessages unfinished) {
        this.engine = engine;
        this.bounds = bounds;
        this.uncompressed = new FrameReader.Bounds(bounds.messageSize(), bounds.fragments());
        this.unfinished = unfinished;
    }

    /** What a handshake comes to. */
    public sealed interface Upgrade {}

    public record Refused(Refusal refusal) implements Upgrade {}

    /** @param opening once the answer has been written */
    public record Accepted(int status, Map<String, List<String>> headers, Opening opening) implements Upgrade {}

    /** Opens the endpoint's session: its {@code @OnOpen} runs in here. */
    @FunctionalInterface
    public interface Opening {
        /** @param whenDone runs when nothing more will be written, and again when all that was has gone out */
        WebSocketConnection open(FrameOutput output, Runnable whenDone);
    }

    /**
     * Agrees on a handshake that keeps to {@link Handshake the rules}.
     *
     * @param parameters of the query
     * @param shown what the client shows of who sends it
     * @throws RuntimeException when Tyrus cannot parse a header, which it does as it goes
     */
    public Upgrade agree(
            OpeningHandshake handshake, Map<String, String[]> parameters, Caller caller, Credentials shown) {
        Optional<List<ExtensionOffer>> offers = ExtensionOffer.parse(handshake.values(EXTENSIONS));
        if (offers.isEmpty()) {
            return new Refused(UNREADABLE_OFFERS);
        }
        UpgradeResponse response = new TyrusUpgradeResponse();
        EndpointEngine.Upgrade upgrade =
                engine.upgrade(UpgradeRequests.of(handshake, parameters, caller, shown), response);
        if (upgrade.getStatus() == WebSocketEngine.UpgradeStatus.NOT_APPLICABLE) {
            return new Refused(NO_ENDPOINT);
        }
        if (upgrade.getStatus() != WebSocketEngine.UpgradeStatus.SUCCESS) {
            return new Refused(new Refusal(response.getStatus(), "The endpoint refuses the handshake."));
        }
        Optional<String> compression = bounds.compressed() ? Deflate.answer(offers.get()) : Optional.empty();
        compression.ifPresent(answer -> response.getHeaders().put(EXTENSIONS, List.of(answer)));
        FrameReader.Bounds agreed = compression.isPresent() ? bounds : uncompressed;
        return new Accepted(
                response.getStatus(),
                response.getHeaders(),
                (output, whenDone) ->
                        new WebSocketConnection(output, upgrade, agreed, unfinished.of(caller), whenDone));
    }
}
