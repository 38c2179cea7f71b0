package dev.parley.http;

import jakarta.annotation.Priority;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;

/**
 * Tells an application's resources below which path they are, where no servlet does: paths are matched, and relative
 * addresses resolved, from there.
 */
@PreMatching
@Priority(Integer.MIN_VALUE)
final class BasePath implements ContainerRequestFilter {
    private final String path;

    /** @param path with a slash at its end, and none at its beginning */
    BasePath(String path) {
        this.path = path;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        UriInfo uri = request.getUriInfo();
        URI base = uri.getBaseUri().resolve(path);
        request.setRequestUri(base, uri.getRequestUri());
    }
}
