package dev.parley.arquillian;

import java.net.URI;
import java.util.Optional;

/** The application server that runs just now, for tests that look at its process. */
public final class AppServer {
    private static final int POSTGRES_PORT = FreePorts.take(1).get(0);

    private static volatile Optional<URI> uri = Optional.empty();
    private static volatile Optional<Long> pid = Optional.empty();

    private AppServer() {}

    /** Where the WAR was deployed last. */
    public static URI uri() {
        return uri.orElseThrow();
    }

    /** The number of its process. */
    public static long pid() {
        return pid.orElseThrow();
    }

    /** Where the server looks for PostgreSQL, where a test may start one. */
    public static int postgresPort() {
        return POSTGRES_PORT;
    }

    /** Whether the suite runs on Payara, full or Micro. */
    public static boolean isPayara() {
        return name().startsWith("payara");
    }

    public static boolean isWildFly() {
        return name().equals("wildfly");
    }

    /** The one that was asked for. */
    public static String name() {
        return System.getProperty("arquillian.launch", "standalone");
    }

    static void serves(URI now) {
        uri = Optional.of(now);
    }

    /** The address that the server is told. */
    static String postgres() {
        return "jdbc:postgresql://127.0.0.1:" + POSTGRES_PORT + "/postgres";
    }

    static void runs(long process) {
        pid = Optional.of(process);
    }
}
