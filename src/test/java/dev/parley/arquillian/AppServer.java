package dev.parley.arquillian;

import java.net.URI;
import java.util.Optional;

/** The application server that runs just now, for tests that look at its process. */
public final class AppServer {
    private static volatile Optional<URI> uri = Optional.empty();
    private static volatile Optional<Long> pid = Optional.empty();
    private static volatile Optional<Integer> postgresPort = Optional.empty();

    private AppServer() {}

    /** Where the WAR was deployed last. */
    public static URI uri() {
        return uri.orElseThrow();
    }

    /** The number of its process. */
    public static long pid() {
        return pid.orElseThrow();
    }

    /** Where the server looks for PostgreSQL, once a test has started one there. */
    public static int postgresPort() {
        return postgresPort.orElseThrow();
    }

    /** The one that was asked for. */
    public static String name() {
        return System.getProperty("arquillian.launch", "standalone");
    }

    static void serves(URI now) {
        uri = Optional.of(now);
    }

    /** The address that the server is told. */
    static String postgres(int port) {
        postgresPort = Optional.of(port);
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    static void runs(long process) {
        pid = Optional.of(process);
    }
}
