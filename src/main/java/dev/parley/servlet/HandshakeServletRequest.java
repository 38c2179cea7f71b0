package dev.parley.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * A handshake as containers understand it: what they read of several headers {@code Upgrade} is the first, or what they read
 * of a list is nothing, so they are told of the one protocol that is meant.
 */
final class HandshakeServletRequest extends HttpServletRequestWrapper {
    static final String UPGRADE = "Upgrade";
    static final String WEBSOCKET = "websocket";

    HandshakeServletRequest(HttpServletRequest request) {
        super(request);
    }

    @Override
    public String getHeader(String name) {
        return name.equalsIgnoreCase(UPGRADE) ? WEBSOCKET : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return name.equalsIgnoreCase(UPGRADE) ? Collections.enumeration(List.of(WEBSOCKET)) : super.getHeaders(name);
    }
}
