package dev.parley.frames;

import dev.parley.api.Credentials;
import dev.parley.security.Caller;
import dev.parley.security.HandshakeSender;
import dev.parley.security.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.glassfish.tyrus.core.TyrusUpgradeResponse;
import org.glassfish.tyrus.spi.UpgradeRequest;
import org.glassfish.tyrus.spi.UpgradeResponse;
import org.glassfish.tyrus.spi.WebSocketEngine;

/** Finds the endpoint for an opening handshake, and agrees with the client on what its frames are like. Thread-safe. */
public final class Upgrades {
    private static final Refusal NO_ENDPOINT = new Refusal(404, "There is no WebSocket endpoint at this address.");

    private static final Refusal FAILED = new Refusal(500, "The endpoint has failed, and the server's log says why.");

    /** RFC 6455 section 9.1. */
    private static final Refusal UNREADABLE_OFFERS =
            new Refusal(400, "The header Sec-WebSocket-Extensions is not well formed.");

    private final EndpointEngine engine;
    private final FrameReader.Bounds bounds;
    private final FrameReader.Bounds uncompressed;
    private final UnfinishedMessages unfinished;
    private final EndpointServices services;

    public Upgrades(
            EndpointEngine engine,
            FrameReader.Bounds bounds,
            UnfinishedMessages unfinished,
            EndpointServices services) {
        this.engine = engine;
        this.bounds = bounds;
        this.uncompressed = new FrameReader.Bounds(bounds.messageSize(), bounds.fragments());
        this.unfinished = unfinished;
        this.services = services;
    }

    /** What a handshake comes to. */
    public sealed interface Upgrade {}

    public record Refused(Refusal refusal) implements Upgrade {}

    /** @param opening once the answer has been written */
    public record Accepted(int status, Map<String, List<String>> headers, Opening opening) implements Upgrade {}

    /** Opens the endpoint's session: its {@code @OnOpen} runs in here where the endpoint never waits, else soon. */
    @FunctionalInterface
    public interface Opening {
        /** @param whenDone runs when nothing more will be written, and again when all that was has gone out */
        WebSocketConnection open(FrameOutput output, Runnable whenDone);
    }

    /**
     * Finds out who sends a handshake; never fails. It may have to wait until keys have been read.
     *
     * @param shown what the client shows of itself
     */
    public CompletionStage<HandshakeSender> sender(Credentials shown, Caller caller) {
        return engine.users().sender(shown, caller.address());
    }

    /**
     * Agrees on a handshake that keeps to {@link Handshake the rules}.
     *
     * @param parameters of the query
     * @param sender as {@link #sender} has found
     * @throws RuntimeException when Tyrus cannot parse a header, which it does as it goes
     */
    public Upgrade agree(
            OpeningHandshake handshake, Map<String, String[]> parameters, Caller caller, HandshakeSender sender) {
        Optional<List<ExtensionOffer>> offers = ExtensionOffer.parse(handshake.values(ExtensionAgreement.HEADER));
        if (offers.isEmpty()) {
            return new Refused(UNREADABLE_OFFERS);
        }
        UpgradeResponse response = new TyrusUpgradeResponse();
        UpgradeRequest request = UpgradeRequests.of(handshake, parameters, caller, sender);
        if (!offers.get().isEmpty()) {
            request.getHeaders().put(ExtensionAgreement.HEADER, ExtensionAgreement.written(offers.get()));
        }
        EndpointEngine.Upgrade upgrade = sender.answer(() -> engine.upgrade(request, response));
        if (upgrade.getStatus() == WebSocketEngine.UpgradeStatus.NOT_APPLICABLE) {
            return new Refused(NO_ENDPOINT);
        }
        if (upgrade.getStatus() != WebSocketEngine.UpgradeStatus.SUCCESS) {
            return new Refused(upgrade.refusal().orElseGet(() -> refusal(response.getStatus())));
        }
        FrameReader.Bounds agreed = upgrade.isCompressed() ? bounds : uncompressed;
        return new Accepted(
                response.getStatus(),
                response.getHeaders(),
                (output, whenDone) ->
                        new WebSocketConnection(output, upgrade, agreed, unfinished.of(caller), services, whenDone));
    }

    private static Refusal refusal(int status) {
        return status == FAILED.status() ? FAILED : new Refusal(status, "The endpoint refuses the handshake.");
    }
}
