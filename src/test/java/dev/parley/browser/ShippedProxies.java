package dev.parley.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** nginx and haproxy with the files of {@code server-config}, as they are but for the addresses, in front of two nodes. */
final class ShippedProxies implements AutoCloseable {
    private static final Path FILES = Path.of("server-config");

    /** Which of them. */
    enum Kind {
        NGINX,
        HAPROXY
    }

    private final ProxyProcess nginx;
    private final ProxyProcess haproxy;

    private ShippedProxies(ProxyProcess nginx, ProxyProcess haproxy) {
        this.nginx = nginx;
        this.haproxy = haproxy;
    }

    /** The nodes by their ports of 127.0.0.1; a test that has only one names it twice. */
    static ShippedProxies before(Path folder, int one, int two) throws Exception {
        ProxyProcess nginx = ProxyProcess.nginxWith(folder, nginx(one, two));
        try {
            return new ShippedProxies(nginx, ProxyProcess.haproxyWith(folder, haproxy(one, two)));
        } catch (IOException e) {
            nginx.close();
            throw e;
        }
    }

    /** As {@link ProxyProcess#nginxWith} takes it. */
    static String nginx(int one, int two) throws IOException {
        return Files.readString(FILES.resolve("nginx/parley.conf"))
                .replace("one:8080", "127.0.0.1:" + one)
                .replace("two:8080", "127.0.0.1:" + two)
                .replace("listen 8080", "listen 127.0.0.1:%2$d");
    }

    /** As {@link ProxyProcess#haproxyWith} takes it. */
    static String haproxy(int one, int two) throws IOException {
        return Files.readString(FILES.resolve("haproxy/haproxy.cfg"))
                .replace("%[", "%%[")
                .replace("maxconn 50000", "maxconn 500")
                .replace("one:8080", "127.0.0.1:" + one)
                .replace("two:8080", "127.0.0.1:" + two)
                .replace("bind :8080", "bind 127.0.0.1:%2$d");
    }

    ProxyProcess of(Kind kind) {
        return kind == Kind.NGINX ? nginx : haproxy;
    }

    @Override
    public void close() {
        nginx.close();
        haproxy.close();
    }
}
