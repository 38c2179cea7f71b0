package dev.parley.grizzly;

import dev.parley.settings.ListenSettings;
import dev.parley.settings.ManagementSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Where a listener listens.
 *
 * @param name of its threads
 * @param port 0 is any free one
 * @param setting that says so, to be named when it cannot
 * @param workers threads on which resources may wait
 */
record ListenAddress(String name, String host, int port, String setting, int workers) {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int LEAST_WORKERS = 8;

    /** Checks and operators are few, and one who waits for the database must not keep the others waiting. */
    private static final int MANAGEMENT_WORKERS = 4;

    /** For clients. */
    static ListenAddress of(ListenSettings settings) {
        return new ListenAddress(
                "parley", settings.host().orElse(LOOPBACK), settings.port(), "--port or parley.port", publicWorkers());
    }

    /** For operators. */
    static ListenAddress of(ManagementSettings settings) {
        return new ListenAddress(
                "parley-management", settings.host(), settings.port(), "parley.management.port", MANAGEMENT_WORKERS);
    }

    static int publicWorkers() {
        return Math.max(LEAST_WORKERS, 2 * Runtime.getRuntime().availableProcessors());
    }

    /**
     * Looks whether the port is free before anything else is started: what holds it may be another Parley, which holds the
     * database too, and that is not the first thing to be told then.
     */
    void check() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw cannotListen(e);
        }
    }

    /** The message is a sentence or two, the last without its full stop. */
    IOException cannotListen(IOException cause) {
        return new IOException(
                "Cannot listen on " + host + " port " + port + ": " + cause.getMessage()
                        + ". Another program may be using it; " + setting + " names another, 0 any free one",
                cause);
    }
}
