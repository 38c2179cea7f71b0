package dev.parley.client;

import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a {@link ParleyClient} connects.
 *
 * @param uri of the server's {@code /channels}: {@code ws://…} or {@code wss://…}
 * @param name to be shown by
 * @param secret of an earlier connection, to be the same guest again
 * @param token asked for at each connection, so that it can be a fresh one; empty: none is sent
 */
public record ClientOptions(
        URI uri, Optional<String> name, Optional<String> secret, Supplier<Optional<String>> token, ClientTimes times) {

    /** A guest with the defaults. */
    public static ClientOptions to(URI uri) {
        return new ClientOptions(uri, Optional.empty(), Optional.empty(), Optional::empty, ClientTimes.DEFAULTS);
    }

    public ClientOptions named(String text) {
        return new ClientOptions(uri, Optional.of(text), secret, token, times);
    }

    public ClientOptions withSecret(String text) {
        return new ClientOptions(uri, name, Optional.of(text), token, times);
    }

    public ClientOptions withToken(Supplier<Optional<String>> supplier) {
        return new ClientOptions(uri, name, secret, supplier, times);
    }

    public ClientOptions withTimes(ClientTimes other) {
        return new ClientOptions(uri, name, secret, token, other);
    }

    /** Leaves the secrets out: what is printed may reach a log. */
    @Override
    public String toString() {
        return "ClientOptions[" + uri + ", name=" + name + "]";
    }
}
