package dev.parley.client;

import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A proxy that is asked for a way to the server by {@code CONNECT} (RFC 9110 section 9.3.6), and may want a login (Basic, RFC
 * 7617).
 */
public record HttpProxy(String host, int port, Optional<Login> login) {
    private static final int HIGHEST_PORT = 65_535;

    /** @throws IllegalArgumentException when the port is none */
    public HttpProxy {
        if (host.isBlank() || port < 1 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("A proxy has a host and a port from 1 to " + HIGHEST_PORT);
        }
    }

    /** Who is let through. */
    public record Login(String user, String password) {
        /** @throws IllegalArgumentException when the user has a colon, which ends it (RFC 7617 section 2) */
        public Login {
            if (user.isEmpty() || user.indexOf(':') >= 0) {
                throw new IllegalArgumentException("A user of a proxy has a name without a colon");
            }
        }

        /** What the header {@code Proxy-Authorization} says. */
        public String header() {
            byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(pair);
        }

        /** Leaves the password out: what is printed may reach a log. */
        @Override
        public String toString() {
            return "Login[" + user + "]";
        }
    }

    /**
     * As it is usually written, {@code http://user:password@proxy.example:3128}; the login may be missing, and what is special in
     * an address is escaped in it.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static HttpProxy of(String address) {
        URI uri = URI.create(address);
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 0) {
            throw new IllegalArgumentException("A proxy is written http://host:port or http://user:password@host:port");
        }
        return new HttpProxy(
                uri.getHost(),
                uri.getPort(),
                Optional.ofNullable(uri.getRawUserInfo()).map(HttpProxy::login));
    }

    public HttpProxy withLogin(String user, String password) {
        return new HttpProxy(host, port, Optional.of(new Login(user, password)));
    }

    /**
     * The one that Java would go through to this address by its own properties ({@code https.proxyHost} and the like, but for
     * {@code http.nonProxyHosts}), or by whatever else its {@link ProxySelector} knows. Its login is that of the properties
     * {@code https.proxyUser} and {@code https.proxyPassword}, or those of {@code http}, or else what the default
     * {@link Authenticator} answers.
     *
     * @param server of any of the schemes http, https, ws, wss
     */
    public static Optional<HttpProxy> ofJava(URI server) {
        ProxySelector selector = ProxySelector.getDefault();
        if (selector == null || server.getHost() == null) {
            return Optional.empty();
        }
        // RFC 6455 section 4.1: a WebSocket goes rather where https does
        List<String> schemes = "http".equals(server.getScheme()) ? List.of("http") : List.of("https", "http");
        return schemes.stream()
                .map(scheme -> URI.create(scheme + "://" + server.getRawAuthority() + "/"))
                .flatMap(asked -> selector.select(asked).stream())
                .filter(one -> one.type() == Proxy.Type.HTTP)
                .flatMap(one -> one.address() instanceof InetSocketAddress at ? Stream.of(at) : Stream.empty())
                .findFirst()
                .map(at -> new HttpProxy(
                        at.getHostString(), at.getPort(), ofProperties(at.getHostString(), at.getPort())));
    }

    private static Optional<Login> ofProperties(String host, int port) {
        return properties("https").or(() -> properties("http")).or(() -> asked(host, port));
    }

    private static Optional<Login> properties(String scheme) {
        return Optional.ofNullable(System.getProperty(scheme + ".proxyUser"))
                .filter(user -> !user.isEmpty())
                .map(user -> new Login(user, System.getProperty(scheme + ".proxyPassword", "")));
    }

    private static Optional<Login> asked(String host, int port) {
        if (Authenticator.getDefault() == null) {
            return Optional.empty();
        }
        PasswordAuthentication answer = Authenticator.requestPasswordAuthentication(
                host, null, port, "http", "", "basic", null, Authenticator.RequestorType.PROXY);
        return Optional.ofNullable(answer)
                .map(known -> new Login(known.getUserName(), new String(known.getPassword())));
    }

    private static Login login(String userInfo) {
        int colon = userInfo.indexOf(':');
        return colon < 0
                ? new Login(decoded(userInfo), "")
                : new Login(decoded(userInfo.substring(0, colon)), decoded(userInfo.substring(colon + 1)));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
