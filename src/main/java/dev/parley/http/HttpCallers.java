package dev.parley.http;

import dev.parley.api.Credentials;
import dev.parley.connection.Connections;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.security.CredentialsReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Tells who sends a request: whom the container has logged in, who brings a token, or else a guest, by the name and with
 * the secret that the request shows.
 */
@ApplicationScoped
public class HttpCallers {
    static final String NAME = "Parley-Name";

    private static final String AUTHORIZATION = HttpHeaders.AUTHORIZATION;
    private static final String COOKIE = HttpHeaders.COOKIE;

    @Inject
    Connections connections;

    @Inject
    CredentialsReader reader;

    /** Fails with a {@link RefusedException} that says what is wrong with what the request shows. */
    CompletionStage<HttpCaller> of(SecurityContext security, HttpHeaders headers) {
        try {
            Credentials shown = reader.read(
                    values(headers, AUTHORIZATION),
                    values(headers, COOKIE),
                    security.getUserPrincipal(),
                    security::isUserInRole);
            return identify(shown, values(headers, ConnectionName.HEADER), values(headers, NAME));
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The same, of its headers by their names whatever their case. */
    CompletionStage<HttpCaller> of(SecurityContext security, Map<String, List<String>> headers) {
        try {
            Credentials shown = reader.read(
                    headers.getOrDefault(AUTHORIZATION, List.of()),
                    headers.getOrDefault(COOKIE, List.of()),
                    security.getUserPrincipal(),
                    security::isUserInRole);
            return identify(
                    shown,
                    headers.getOrDefault(ConnectionName.HEADER, List.of()),
                    headers.getOrDefault(NAME, List.of()));
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The same of a request that no Jakarta REST sees. */
    CompletionStage<HttpCaller> of(HttpRequest request) {
        try {
            Credentials shown = reader.read(
                    request.headers(AUTHORIZATION),
                    request.headers(COOKIE),
                    request.user().orElse(null),
                    request::isUserInRole);
            return identify(shown, request.headers(ConnectionName.HEADER), request.headers(NAME));
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** An answer that no cache keeps. */
    static Response.ResponseBuilder json(String body) {
        return Response.ok(body + "\n")
                .header(HttpHeaders.CONTENT_TYPE, "application/json")
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    /** Tells a client that showed none the name of its connection. */
    static Response.ResponseBuilder named(Response.ResponseBuilder answer, HttpCaller caller) {
        return caller.isNew()
                ? answer.header(ConnectionName.HEADER, caller.connection().text())
                : answer;
    }

    private CompletionStage<HttpCaller> identify(Credentials shown, List<String> connection, List<String> names) {
        Optional<ConnectionName> named = ConnectionName.given(connection, connections.secrets());
        ConnectionName name = named.orElseGet(() -> ConnectionName.fresh(connections.secrets()));
        Credentials all = shown.and(Optional.empty(), Optional.of(name.secret()), displayName(names));
        return connections
                .identities()
                .identify(all)
                .thenApply(who -> new HttpCaller(who.identity(), name, named.isEmpty(), who.secret()));
    }

    private static Optional<String> displayName(List<String> headers) {
        if (headers.size() > 1) {
            throw new RefusedException(ErrorCode.INVALID_NAME, "The request has more than one header " + NAME + ".");
        }
        return headers.stream().findFirst().map(QueryParameters::decode);
    }

    private static List<String> values(HttpHeaders headers, String name) {
        List<String> values = headers.getRequestHeader(name);
        return values == null ? List.of() : values;
    }
}
