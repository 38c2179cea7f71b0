package dev.parley.http;

import dev.parley.connection.Connections;
import dev.parley.security.Credentials;
import dev.parley.security.Identities;
import dev.parley.security.Identity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Tells who sends a request: whom the container has logged in, who brings a token, or else a guest. */
@ApplicationScoped
public class Callers {
    private static final String BEARER = "Bearer ";

    @Inject
    Connections connections;

    /** Fails with a {@link dev.parley.protocol.RefusedException} that says what is wrong with what the request shows. */
    public CompletionStage<Identity> of(SecurityContext security, HttpHeaders headers) {
        Optional<String> user = Optional.ofNullable(security.getUserPrincipal()).map(Principal::getName);
        Optional<String> token = Optional.ofNullable(headers.getHeaderString(HttpHeaders.AUTHORIZATION))
                .filter(value -> value.startsWith(BEARER))
                .map(value -> value.substring(BEARER.length()).strip());
        Credentials shown = new Credentials(user, token, Optional.empty(), Optional.empty());
        return connections.identities().identify(shown).thenApply(Identities.Identified::identity);
    }
}
