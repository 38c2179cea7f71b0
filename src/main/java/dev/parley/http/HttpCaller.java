package dev.parley.http;

import dev.parley.api.Identity;
import java.util.Optional;

/**
 * Who sends a request, and by which logical connection.
 *
 * @param connection as shown, or a new one
 * @param isNew whether the request showed none that the server has given
 * @param secret of a guest, who shows it to be the same again
 */
record HttpCaller(Identity identity, ConnectionName connection, boolean isNew, Optional<String> secret) {
    /** Leaves the secret out: what is printed may reach a log. */
    @Override
    public String toString() {
        return "HttpCaller[identity=" + identity + ", isNew=" + isNew + "]";
    }
}
