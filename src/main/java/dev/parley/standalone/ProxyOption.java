package dev.parley.standalone;

import dev.parley.client.HttpProxy;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * How a command that asks a server goes through a proxy, which may want a login. That is sent at once: an {@code Authenticator}
 * would make Java's HTTP client leave out the token for the server.
 */
final class ProxyOption {
    private static final String VARIABLE = "PARLEY_PROXY";

    /** Java sends no password for a tunnel unless it is let. To be said before its HTTP client is first used. */
    private static final String TUNNEL = "jdk.http.auth.tunneling.disabledSchemes";

    @Option(
            names = "--proxy",
            paramLabel = "URL",
            description = {
                "The HTTP proxy to go through: http://host:port, or with a login http://user:password@host:port, which is"
                        + " better in the environment variable " + VARIABLE
                        + ". Else those of Java's properties (https.proxyHost, https.proxyPort, https.proxyUser,"
                        + " https.proxyPassword)."
            })
    private @Nullable String address;

    /** @throws IllegalArgumentException when the proxy's address is none */
    HttpClient.Builder apply(HttpClient.Builder client) {
        if (System.getProperty(TUNNEL) == null) {
            System.setProperty(TUNNEL, "");
        }
        named().ifPresent(proxy ->
                client.proxy(ProxySelector.of(InetSocketAddress.createUnresolved(proxy.host(), proxy.port()))));
        return client;
    }

    /** Java's HTTP client tells it to the proxy alone. */
    HttpRequest.Builder apply(HttpRequest.Builder request, URI server) {
        named().or(() -> HttpProxy.ofJava(server))
                .flatMap(HttpProxy::login)
                .ifPresent(login -> request.header("Proxy-Authorization", login.header()));
        return request;
    }

    private Optional<HttpProxy> named() {
        return Optional.ofNullable(address)
                .or(() -> Optional.ofNullable(System.getenv(VARIABLE)))
                .map(HttpProxy::of);
    }
}
