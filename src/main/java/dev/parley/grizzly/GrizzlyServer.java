package dev.parley.grizzly;

import dev.parley.frames.EndpointEngine;
import dev.parley.frames.FrameReader;
import dev.parley.frames.UnfinishedMessages;
import dev.parley.frames.Upgrades;
import dev.parley.http.ApiDispatcher;
import dev.parley.security.CredentialsReader;
import dev.parley.security.Guard;
import dev.parley.security.Limits;
import dev.parley.security.SharedBudget;
import dev.parley.settings.ListenSettings;
import dev.parley.settings.Settings;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The one port, put together: it listens from when it is made until it is closed. */
public final class GrizzlyServer implements AutoCloseable {
    private static final int POLL_MILLISECONDS = 20;

    private final CloseTimeouts timeouts;
    private final ScheduledThreadPoolExecutor timer;
    private final WebSocketFilter webSockets;
    private final HttpDispatcher dispatcher;
    private final Listener listener;

    /** What is served, and who decides to whom. */
    public record Parts(
            Guard guard,
            CredentialsReader credentials,
            SharedBudget budget,
            EndpointEngine endpoints,
            ApiDispatcher api,
            Resources resources) {}

    /** @throws IOException when it cannot listen there; the message is a sentence without its full stop */
    public GrizzlyServer(Settings settings, CloseTimeouts timeouts, Parts parts) throws IOException {
        this.timeouts = timeouts;
        this.timer = new ScheduledThreadPoolExecutor(1, action -> {
            Thread thread = new Thread(action, "parley-front-timer");
            thread.setDaemon(true);
            return thread;
        });
        // Connections come and go, and what was to be done about them later must not keep them
        timer.setRemoveOnCancelPolicy(true);
        Limits limits = settings.limits();
        GuardAdapter guardAdapter = new GuardAdapter(parts.guard(), parts.credentials());
        FrameReader.Bounds bounds = new FrameReader.Bounds(
                limits.messageSize(),
                settings.front().fragments(),
                settings.front().compression());
        UnfinishedMessages unfinished =
                new UnfinishedMessages(parts.budget(), settings.front().bodyTimeout(), timer, this::work);
        this.webSockets = new WebSocketFilter(
                new Upgrades(parts.endpoints(), bounds, unfinished), guardAdapter, timeouts.farewell(), timer);
        RestHandler rest = new RestHandler(parts.resources());
        WebFiles files = new WebFiles(settings.listen().web(), new FileSender.Patience(limits.sendTimeout(), timer));
        this.listener = new Listener(settings.listen(), settings.listen().tls().map(tls -> Tls.engine(tls, timer)));
        LingeringClose close = new LingeringClose(limits.sendTimeout(), timeouts.silence(), timer);
        this.dispatcher = new HttpDispatcher(guardAdapter, parts.api(), rest, files, close);
        AdmissionFilter admission = new AdmissionFilter(
                parts.guard(),
                limits.handshakeTimeout(),
                Listener.KEEP_ALIVE,
                settings.front().sendBuffer());
        BodyFilter bodies = new BodyFilter(
                guardAdapter,
                parts.budget(),
                limits.messageSize(),
                settings.front().bodyTimeout(),
                timer);
        listener.start(guardAdapter, close, List.of(admission, webSockets, bodies), dispatcher);
    }

    /** Runs on a thread on which endpoints may wait. */
    private void work(Runnable action) {
        listener.workerPool().execute(action);
    }

    /**
     * Looks whether the port is free, before there is anything to serve.
     *
     * @throws IOException when it is not, as from the constructor
     */
    public static void checkPort(ListenSettings settings) throws IOException {
        Listener.checkPort(settings);
    }

    public String host() {
        return listener.host();
    }

    /** As bound, where any free one was asked for. */
    public int port() {
        return listener.port();
    }

    /**
     * Takes no further connection, tells every WebSocket that is left to come back (1012) and waits a little for its
     * answer, then cuts what is left.
     */
    @Override
    public void close() {
        listener.refuse();
        webSockets.stop();
        awaitFarewells();
        timer.shutdownNow();
        listener.stop();
    }

    private void awaitFarewells() {
        long end = System.nanoTime() + timeouts.farewell().toNanos();
        try {
            while (webSockets.count() + dispatcher.count() > 0 && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
