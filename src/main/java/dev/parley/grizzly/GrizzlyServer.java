package dev.parley.grizzly;

import dev.parley.frames.EndpointEngine;
import dev.parley.frames.EndpointServices;
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

/**
 * The port for clients and the one for operators, put together: they listen from when this is made until it is closed.
 */
public final class GrizzlyServer implements AutoCloseable {
    private static final int POLL_MILLISECONDS = 20;

    private final CloseTimeouts timeouts;
    private final ScheduledThreadPoolExecutor timer;
    private final WebSocketFilter webSockets;
    private final HttpDispatcher dispatcher;
    private final Listener listener;
    private final RestHandler rest;
    private final EndpointServices services;
    private final ManagementPort management;
    private final ForeignRequests foreign;

    /** What is served, and who decides to whom. */
    public record Parts(
            Guard guard,
            CredentialsReader credentials,
            SharedBudget budget,
            EndpointEngine endpoints,
            ApiDispatcher api,
            List<Resources> resources) {}

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
        this.services = new EndpointServices(
                new EndpointServices.Bounds(
                        settings.front().endpoints().threads(),
                        settings.threads().foreign(),
                        settings.front().endpoints().sendQueue(),
                        settings.front().endpoints().sendMemory(),
                        limits.sendTimeout(),
                        settings.pings()),
                parts.budget(),
                timer,
                this::work);
        this.webSockets = new WebSocketFilter(
                new Upgrades(parts.endpoints(), bounds, unfinished, services),
                guardAdapter,
                timeouts.farewell(),
                timer);
        this.rest = new RestHandler(parts.resources());
        WebFiles files = new WebFiles(settings.listen().web(), new FileSender.Patience(limits.sendTimeout(), timer));
        this.listener = new Listener(
                ListenAddress.of(settings.listen()), settings.listen().tls().map(tls -> Tls.engine(tls, timer)));
        LingeringClose close = new LingeringClose(limits.sendTimeout(), timeouts.silence(), timer);
        this.foreign = new ForeignRequests(
                settings.threads().resources(), settings.threads().resourcesWaiting());
        this.dispatcher =
                new HttpDispatcher(guardAdapter, parts.api(), rest, files, new HttpDispatcher.Answers(foreign, close));
        AdmissionFilter admission = new AdmissionFilter(
                parts.guard(),
                limits.handshakeTimeout(),
                Listener.KEEP_ALIVE,
                settings.front().sendBuffer());
        PublishRateFilter publishRates = new PublishRateFilter(guardAdapter, parts.api());
        BodyFilter bodies = new BodyFilter(
                guardAdapter,
                parts.budget(),
                limits.messageSize(),
                settings.front().bodyTimeout(),
                timer);
        this.management = new ManagementPort(settings, parts.credentials(), timer);
        try {
            // First the one that tells whether the other is ready
            management.start(rest, new LingeringClose(limits.sendTimeout(), timeouts.silence(), timer));
            listener.start(guardAdapter, close, List.of(admission, webSockets, publishRates, bodies), dispatcher);
        } catch (IOException e) {
            management.stop();
            rest.stop();
            foreign.stop();
            services.close();
            timer.shutdownNow();
            throw e;
        }
    }

    /** Runs on a thread on which it may wait. */
    private void work(Runnable action) {
        listener.workerPool().execute(action);
    }

    /**
     * Looks whether both ports are free, before there is anything to serve.
     *
     * @throws IOException when one is not, as from the constructor
     */
    public static void checkPorts(ListenSettings settings) throws IOException {
        ListenAddress.of(settings).check();
        ListenAddress.of(settings.management()).check();
    }

    public String host() {
        return listener.host();
    }

    /** As bound, where any free one was asked for. */
    public int port() {
        return listener.port();
    }

    /** The one for operators, as bound. */
    public int managementPort() {
        return management.port();
    }

    /** Whether TLS is spoken there. */
    public static boolean isManagementSecure(Settings settings) {
        return ManagementPort.isSecure(settings);
    }

    /**
     * Takes no further connection, tells every WebSocket that is left to come back (1012) and waits a little for its
     * answer, then cuts what is left. Operators are answered until the last.
     */
    @Override
    public void close() {
        listener.refuse();
        webSockets.stop();
        awaitFarewells();
        timer.shutdownNow();
        listener.stop();
        services.close(timeouts.farewell()); // by now the endpoints have heard of the end
        management.stop();
        foreign.stop();
        rest.stop();
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
