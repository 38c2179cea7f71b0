package dev.parley.browser;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** nginx or haproxy as Debian has them, with a configuration of the test's, on a free port of 127.0.0.1. */
final class ProxyProcess implements AutoCloseable {
    private static final int TRIES = 3;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int LOOK_MILLIS = 20;

    private final Process process;
    private final int port;

    private ProxyProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * @param location what stands in the {@code location /} besides where it passes to
     */
    static ProxyProcess nginx(Path folder, int server, String location) throws Exception {
        return nginxWith(folder, """
                client_max_body_size 6m;
                server {
                  listen 127.0.0.1:%%2$d;
                  location / {
                    proxy_set_header Host $http_host;
                    proxy_pass http://127.0.0.1:%s;
                    %s
                  }
                }
                """.formatted(server, location));
    }

    /**
     * @param backend what stands in the backend, besides the server
     */
    static ProxyProcess haproxy(Path folder, int server, String backend) throws Exception {
        return start(folder, "haproxy.cfg", """
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 60s
                  timeout server 60s
                frontend front
                  bind 127.0.0.1:%2$d
                  default_backend back
                backend back
                  server one 127.0.0.1:%3$d
                  %4$s
                """, server, backend, List.of(Needs.Program.HAPROXY.path(), "-db", "-f"));
    }

    /**
     * nginx with a file that stands in its {@code http}, as in {@code conf.d}.
     *
     * @param file {@code %2$d} is where it listens
     */
    static ProxyProcess nginxWith(Path folder, String file) throws Exception {
        String form = """
                daemon off;
                user root root;
                worker_processes 1;
                error_log stderr error;
                pid %1$s/nginx.pid;
                events {}
                http {
                  access_log off;
                  client_body_temp_path %1$s/body;
                  proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi;
                  scgi_temp_path %1$s/scgi;
                  %4$s
                }
                """;
        return start(
                folder,
                "nginx.conf",
                form.replace("%4$s", file),
                0,
                "",
                List.of(Needs.Program.NGINX.path(), "-p", folder.toString(), "-c"));
    }

    /**
     * haproxy with a file of its own.
     *
     * @param file {@code %2$d} is where it listens
     */
    static ProxyProcess haproxyWith(Path folder, String file) throws Exception {
        return start(folder, "haproxy.cfg", file, 0, "", List.of(Needs.Program.HAPROXY.path(), "-db", "-f"));
    }

    /** Where it listens, on 127.0.0.1. */
    int port() {
        return port;
    }

    /** The same address by way of this one. */
    URI through(URI address) {
        return URI.create(address.getScheme() + "://127.0.0.1:" + port + address.getRawPath());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Neither of them listens on any free port and tells which: so one that was free is tried, and another if it is not. */
    private static ProxyProcess start(
            Path folder, String name, String form, int server, String more, List<String> command) throws Exception {
        for (int i = 1; ; i++) {
            int port = freePort();
            Path file = folder.resolve(name);
            Files.writeString(file, String.format(Locale.ROOT, form, folder, port, server, more));
            Path said = folder.resolve(name + ".log");
            List<String> whole = new ArrayList<>(command);
            whole.add(file.toString());
            Process process = new ProcessBuilder(whole)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            if (listens(process, port)) {
                return new ProxyProcess(process, port);
            }
            process.destroyForcibly();
            if (i == TRIES) {
                throw new IOException(String.join(" ", command) + " did not start: "
                        + Files.readString(said, StandardCharsets.UTF_8));
            }
        }
    }

    private static boolean listens(Process process, int port) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (process.isAlive() && System.nanoTime() < end) {
            try (Socket tried = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return tried.isConnected() && process.isAlive();
            } catch (IOException e) {
                Thread.sleep(LOOK_MILLIS);
            }
        }
        return false;
    }

    private static int freePort() throws IOException {
        try (ServerSocket tried = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return tried.getLocalPort();
        }
    }
}
