package dev.parley.servlet;

import dev.parley.http.HttpRequest;
import dev.parley.protocol.Bytes;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A request as the application server has read it. */
record ServletHttpRequest(HttpServletRequest request, String path, String address, ServletBodies bodies)
        implements HttpRequest {
    /** Below the context root, decoded. */
    static String path(HttpServletRequest request) {
        String further = request.getPathInfo();
        return request.getServletPath() + (further == null ? "" : further);
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public Optional<String> query() {
        return Optional.ofNullable(request.getQueryString());
    }

    @Override
    public List<String> headers(String name) {
        return Collections.list(request.getHeaders(name));
    }

    @Override
    public CompletionStage<Bytes> body() {
        return bodies.read(request, address);
    }

    @Override
    public Optional<Principal> user() {
        return Optional.ofNullable(request.getUserPrincipal());
    }

    @Override
    public boolean isUserInRole(String role) {
        return request.isUserInRole(role);
    }
}
