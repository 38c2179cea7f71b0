package dev.parley.client;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/**
 * How a {@link ParleyClient} connects.
 *
 * @param uri of the server's {@code /channels}: {@code ws://…} or {@code wss://…}
 * @param name to be shown by
 * @param secret of an earlier connection, to be the same guest again
 * @param tokens asked for a token at each connection, and before one expires; empty: none is sent
 * @param threads makes the client's threads; on an application server its {@code ManagedThreadFactory}
 * @param proxy to go through; empty: those of Java's properties ({@code https.proxyHost}, {@code https.proxyPort} and {@code
 *     http.nonProxyHosts}, with {@code https.proxyUser} and {@code https.proxyPassword}), if there are any
 */
public record ClientOptions(
        URI uri,
        Optional<String> name,
        Optional<String> secret,
        Optional<TokenSource> tokens,
        ClientTimes times,
        ClientLimits limits,
        ThreadFactory threads,
        Optional<HttpProxy> proxy) {

    /** A guest with the defaults. */
    public static ClientOptions to(URI uri) {
        return new ClientOptions(
                uri,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                ClientTimes.DEFAULTS,
                ClientLimits.DEFAULTS,
                ClientOptions::daemon,
                Optional.empty());
    }

    public ClientOptions named(String text) {
        return new ClientOptions(uri, Optional.of(text), secret, tokens, times, limits, threads, proxy);
    }

    public ClientOptions withSecret(String text) {
        return new ClientOptions(uri, name, Optional.of(text), tokens, times, limits, threads, proxy);
    }

    /** One that may take its time, as to ask a server for it: it is called on a thread of its own. */
    public ClientOptions withToken(Supplier<String> supplier) {
        return withTokens(TokenSource.blocking(supplier, threads));
    }

    /** One that gives its token later, and does not wait itself. */
    public ClientOptions withTokens(TokenSource source) {
        return new ClientOptions(uri, name, secret, Optional.of(source), times, limits, threads, proxy);
    }

    public ClientOptions withTimes(ClientTimes other) {
        return new ClientOptions(uri, name, secret, tokens, other, limits, threads, proxy);
    }

    public ClientOptions withLimits(ClientLimits other) {
        return new ClientOptions(uri, name, secret, tokens, times, other, threads, proxy);
    }

    /** To be said before {@link #withToken}, which uses one of them. */
    public ClientOptions withThreads(ThreadFactory factory) {
        return new ClientOptions(uri, name, secret, tokens, times, limits, factory, proxy);
    }

    /** Goes through a proxy that is asked by {@code CONNECT}, whatever Java's properties say. */
    public ClientOptions throughProxy(HttpProxy other) {
        return new ClientOptions(uri, name, secret, tokens, times, limits, threads, Optional.of(other));
    }

    /** Leaves the secrets out: what is printed may reach a log. */
    @Override
    public String toString() {
        return "ClientOptions[" + uri + ", name=" + name + "]";
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }
}
