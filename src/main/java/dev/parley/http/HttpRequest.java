package dev.parley.http;

import dev.parley.protocol.Bytes;
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What a request says, as whoever carries it has read it. Only asked while the request is being handed over. */
public interface HttpRequest {
    String method();

    /** Below the context root, decoded, beginning with a slash. */
    String path();

    /** As sent, without the question mark. */
    Optional<String> query();

    /** Every header of this name. */
    List<String> headers(String name);

    /**
     * The body, once it has come whole; asked for once, when the answer is there to be given. Fails with a {@link
     * dev.parley.protocol.RefusedException} when it is larger than a message may be, or does not come.
     */
    CompletionStage<Bytes> body();

    /** Of the client, or of whom a proxy that is believed asks for. */
    String address();

    /** Whom a container has logged in. */
    default Optional<Principal> user() {
        return Optional.empty();
    }

    /** Whether the container says so of its user. */
    default boolean isUserInRole(String role) {
        return false;
    }
}
