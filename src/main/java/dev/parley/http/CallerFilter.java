package dev.parley.http;

import dev.parley.api.Identity;
import dev.parley.api.RequestCaller;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.ext.Provider;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Tells a team's own resources who sends the request, as {@link SecurityContext} and as {@link RequestCaller}. The
 * thread is one on which they may wait, too. Ours ask by themselves, and wait for nothing.
 */
@Provider
@Priority(Priorities.AUTHENTICATION)
public class CallerFilter implements ContainerRequestFilter {
    /** The source of the keys that tokens are checked with may have to be asked; it has time limits of its own. */
    private static final int SECONDS_TO_WAIT = 30;

    @Inject
    HttpCallers callers;

    @Inject
    RequestScopedCaller caller;

    @Override
    public void filter(ContainerRequestContext request) {
        if (request.getUriInfo().getMatchedResources().stream()
                .anyMatch(resource -> TeamResources.areOurs(resource.getClass()))) {
            return;
        }
        SecurityContext before = request.getSecurityContext();
        Map<String, List<String>> headers = request.getHeaders();
        try {
            Identity identity = callers.of(before, headers)
                    .toCompletableFuture()
                    .get(SECONDS_TO_WAIT, TimeUnit.SECONDS)
                    .identity();
            caller.is(identity);
            request.setSecurityContext(new Caller(identity, before));
        } catch (ExecutionException e) {
            request.abortWith(Problem.of(e.getCause() == null ? e : e.getCause()));
        } catch (TimeoutException e) {
            request.abortWith(Problem.of(new RefusedException(ErrorCode.UNAVAILABLE)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            request.abortWith(Problem.of(new RefusedException(ErrorCode.UNAVAILABLE)));
        }
    }

    /** A guest is nobody's principal, and has no role. */
    private record Caller(Identity identity, SecurityContext container) implements SecurityContext {
        @Override
        public @Nullable Principal getUserPrincipal() {
            return identity.isGuest() ? null : new User(identity.user());
        }

        /** The container was asked only for the roles that the settings name. */
        @Override
        public boolean isUserInRole(String role) {
            return !identity.isGuest()
                    && (identity.roles().contains(role)
                            || (container.getUserPrincipal() != null && container.isUserInRole(role)));
        }

        @Override
        public boolean isSecure() {
            return container.isSecure();
        }

        @Override
        public @Nullable String getAuthenticationScheme() {
            return identity.isGuest() || container.getUserPrincipal() != null
                    ? container.getAuthenticationScheme()
                    : "Bearer";
        }
    }

    private record User(String getName) implements Principal {}
}
