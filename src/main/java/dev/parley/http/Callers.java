package dev.parley.http;

import dev.parley.connection.Connections;
import dev.parley.protocol.RefusedException;
import dev.parley.security.Credentials;
import dev.parley.security.CredentialsReader;
import dev.parley.security.Identities;
import dev.parley.security.Identity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells who sends a request: whom the container has logged in, who brings a token, or else a guest. */
@ApplicationScoped
public class Callers {
    @Inject
    Connections connections;

    @Inject
    CredentialsReader reader;

    /** Fails with a {@link dev.parley.protocol.RefusedException} that says what is wrong with what the request shows. */
    public CompletionStage<Identity> of(SecurityContext security, HttpHeaders headers) {
        try {
            Credentials shown = reader.read(
                    values(headers, HttpHeaders.AUTHORIZATION),
                    values(headers, HttpHeaders.COOKIE),
                    security.getUserPrincipal(),
                    security::isUserInRole);
            return connections.identities().identify(shown).thenApply(Identities.Identified::identity);
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static List<String> values(HttpHeaders headers, String name) {
        List<String> values = headers.getRequestHeader(name);
        return values == null ? List.of() : values;
    }
}
