package dev.parley.servlet;

import dev.parley.security.HandshakeSender;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/** A handshake's request whose user is the one that has been verified here, or nobody, whatever the container says. */
final class VerifiedRequest extends HttpServletRequestWrapper {
    private final HandshakeSender sender;

    VerifiedRequest(HttpServletRequest request, HandshakeSender sender) {
        super(request);
        this.sender = sender;
    }

    @Override
    public @Nullable Principal getUserPrincipal() {
        return sender.principal().orElse(null);
    }

    @Override
    public @Nullable String getRemoteUser() {
        return sender.principal().map(Principal::getName).orElse(null);
    }

    @Override
    public boolean isUserInRole(String role) {
        return sender.isInRole(role);
    }
}
