package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Squid, on a free port, as a proxy with a login. Where there is none, the test counts as skipped. */
final class SquidProcess implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/squid");

    private final Process process;
    private final int port;

    private SquidProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static SquidProcess start(Path within, String user, String password) throws IOException {
        assumeTrue(Files.isExecutable(PROGRAM), "There is no squid at " + PROGRAM + ".");
        Path folder = Files.createTempDirectory(within, "squid");
        // Squid, started by root, becomes another user before it starts its helper
        for (Path one : List.of(within, folder)) {
            Files.setPosixFilePermissions(one, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Path helper = Files.writeString(folder.resolve("login.sh"), """
                while read -r user password; do
                  if [ "$user $password" = "%s %s" ]; then echo OK; else echo ERR; fi
                done
                """.formatted(user, password));
        int port = freePort();
        Path configuration =
                Files.writeString(folder.resolve("squid.conf"), """
                http_port 127.0.0.1:%s
                auth_param basic program /bin/sh %s
                auth_param basic children 1
                acl known proxy_auth REQUIRED
                http_access allow known
                http_access deny all
                cache deny all
                access_log none
                cache_log /dev/null
                pid_filename none
                shutdown_lifetime 0 seconds
                """.formatted(String.valueOf(port), helper));
        Process process = new ProcessBuilder(PROGRAM.toString(), "-N", "-d", "1", "-f", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("squid.log").toFile())
                .start();
        SquidProcess squid = new SquidProcess(process, port);
        try {
            squid.awaitListening(folder);
            return squid;
        } catch (Throwable e) {
            squid.close();
            throw e;
        }
    }

    private void awaitListening(Path folder) {
        await("squid listens")
                .atMost(Duration.ofSeconds(30))
                .ignoreException(ConnectException.class)
                .untilAsserted(() -> {
                    assertThat(process.isAlive())
                            .as(Files.readString(folder.resolve("squid.log")))
                            .isTrue();
                    new Socket(InetAddress.getLoopbackAddress(), port).close();
                });
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket tried = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return tried.getLocalPort();
        }
    }
}
