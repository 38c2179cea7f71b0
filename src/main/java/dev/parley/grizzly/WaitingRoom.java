package dev.parley.grizzly;

import dev.parley.settings.Settings;
import dev.parley.settings.TlsSettings;
import jakarta.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;

/**
 * Stands at both ports while the server cannot be there yet: says to health checks that the process lives and is not
 * ready, and why, and to all others to come again. Reads nothing of what it is sent but the first line. It is closed
 * before the server itself listens.
 */
public final class WaitingRoom implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(WaitingRoom.class.getName());
    private static final int UNAVAILABLE = 503;
    private static final String COME_AGAIN_SECONDS = "5";
    private static final String PAGE = "<!doctype html><meta charset=utf-8><meta http-equiv=refresh content=5>"
            + "<title>Parley</title><p>The server is waiting for its database. This page looks again by itself.";

    private final Settings settings;
    private final List<HttpServer> servers = new ArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "parley-waiting-room");
        thread.setDaemon(true);
        return thread;
    });

    /** Nobody stands there before it is {@link #open opened}. */
    public WaitingRoom(Settings settings) {
        this.settings = settings;
    }

    /**
     * Where a port cannot be had, it does without.
     *
     * @param reason is told to operators
     */
    public void open(String reason) {
        Optional<TlsSettings> tls = settings.listen().tls();
        String waiting = "Waiting for the database";
        open(
                ListenAddress.of(settings.listen().management()),
                GrizzlyServer.isManagementSecure(settings),
                waiting + ": " + reason);
        open(ListenAddress.of(settings.listen()), tls.isPresent(), waiting + ".");
    }

    private void open(ListenAddress address, boolean secure, String reason) {
        NetworkListener network = new NetworkListener(address.name(), address.host(), address.port());
        if (secure) {
            network.setSecure(true);
            network.setSSLEngineConfig(Tls.engine(settings.listen().tls().orElseThrow(), timer));
        }
        network.getKeepAlive().setMaxRequestsCount(0);
        HttpServer server = new HttpServer();
        server.addListener(network);
        server.getServerConfiguration().addHttpHandler(new Answers(reason), "/");
        try {
            server.start();
            servers.add(server);
        } catch (IOException e) {
            server.shutdownNow();
            LOGGER.log(System.Logger.Level.DEBUG, "Nobody is told there that the server is not ready", e);
        }
    }

    @Override
    public void close() {
        servers.forEach(HttpServer::shutdownNow);
        timer.shutdownNow();
    }

    private static final class Answers extends HttpHandler {
        private final String reason;

        Answers(String reason) {
            this.reason = reason;
        }

        @Override
        public void service(Request request, Response response) throws IOException {
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("Connection", "close");
            switch (request.getRequestURI()) {
                case "/health/live" -> answer(response, 200, "application/json", "{\"status\":\"UP\",\"checks\":[]}");
                case "/health/ready" -> answer(response, UNAVAILABLE, "application/json", notReady());
                default -> {
                    response.setHeader("Retry-After", COME_AGAIN_SECONDS);
                    answer(response, UNAVAILABLE, "text/html;charset=utf-8", PAGE);
                }
            }
        }

        private static void answer(Response response, int status, String type, String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            response.setStatus(status);
            response.setContentType(type);
            response.setContentLength(bytes.length);
            response.getOutputStream().write(bytes);
        }

        private String notReady() {
            return Json.createObjectBuilder()
                    .add("status", "DOWN")
                    .add(
                            "checks",
                            Json.createArrayBuilder()
                                    .add(Json.createObjectBuilder()
                                            .add("name", "log")
                                            .add("status", "DOWN")
                                            .add(
                                                    "data",
                                                    Json.createObjectBuilder().add("reason", reason))))
                    .build()
                    .toString();
        }
    }
}
