package dev.parley.http;

import dev.parley.security.Credentials;
import dev.parley.security.Guests;
import dev.parley.security.Identities;
import dev.parley.security.Identity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;
import java.util.Optional;

/** Tells who sends a request: whom the container has logged in, who brings a token, or else a guest. */
@ApplicationScoped
public class Callers {
    private static final String BEARER = "Bearer ";

    private final Identities guests = new Guests();

    @Inject
    Instance<Identities> identities;

    /**
     * @throws dev.parley.protocol.RefusedException with {@code bad-credentials}
     */
    public Identity of(SecurityContext security, HttpHeaders headers) {
        Optional<String> user = Optional.ofNullable(security.getUserPrincipal()).map(Principal::getName);
        Optional<String> token = Optional.ofNullable(headers.getHeaderString(HttpHeaders.AUTHORIZATION))
                .filter(value -> value.startsWith(BEARER))
                .map(value -> value.substring(BEARER.length()).strip());
        Identities asked = identities.isResolvable() ? identities.get() : guests;
        return asked.identify(new Credentials(user, token, Optional.empty(), Optional.empty()))
                .identity();
    }
}
