package dev.parley.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** A real PostgreSQL, as durable as it is by default, one for all tests; each asks for a database of its own. */
public final class PostgresServer {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static EmbeddedPostgres shared;

    private PostgresServer() {}

    /** The URL of a new and empty database. */
    public static synchronized String newDatabase() {
        try {
            if (shared == null) {
                shared = durable().start();
            }
            String name = "test" + DATABASES.incrementAndGet();
            try (Connection connection = shared.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + name);
            }
            return url(shared.getPort(), name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The makers of these binaries turn durability off, for speed. Looking for deadlocks is put off until a test has long
     * failed: it is done in an alarm's handler, which reads the clock, and where that is another day's (libfaketime) the
     * process may hang if it was just reading it.
     */
    public static EmbeddedPostgres.Builder durable() {
        return EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(1))
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("deadlock_timeout", "10min")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setPGStartupWait(PATIENCE);
    }

    /**
     * A port for a server that goes and comes back: not one of those that the system gives to whoever asks for any: while the server is down somebody else would get it,
     * or a client that tries it would be connected to itself.
     */
    public static int steadyPort() throws IOException {
        int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (BindException e) {
            return steadyPort();
        }
    }

    public static String url(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database
                + "?connectTimeout=5&tcpKeepAlive=true&reWriteBatchedInserts=true";
    }
}
