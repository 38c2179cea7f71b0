package dev.parley.servlet;

import dev.parley.http.ApiDispatcher;
import dev.parley.http.Problem;
import dev.parley.http.RequestTarget;
import dev.parley.protocol.RefusedException;
import dev.parley.security.Admission;
import dev.parley.security.Caller;
import dev.parley.security.ConnectionPermit;
import dev.parley.security.Credentials;
import dev.parley.security.CredentialsReader;
import dev.parley.security.Guard;
import dev.parley.security.HandshakePrincipal;
import dev.parley.security.Refusal;
import dev.parley.security.SecurityHeaders;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.io.IOException;
import java.net.MalformedURLException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;

/**
 * The guard at the door of the WAR: every request passes here, a WebSocket's handshake too, before the container looks
 * for a servlet or an endpoint; and below {@code /api} the {@link ApiDispatcher} is asked first. {@code web.xml} names
 * it, since only a filter named there comes before those that the containers add for WebSocket.
 *
 * <p>How many TCP connections there may be is the application server's own to say. How many WebSockets there may be of
 * one address is said here, and again when a session opens: a filter sees where a WebSocket begins and not where it
 * ends, so what it has seen goes to the session with the user's principal.
 */
public class GuardFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private static final Refusal NOT_PLAIN = new Refusal(400, "The address of the request has more than one reading.");

    @Inject
    private transient Guard guard;

    @Inject
    private transient CredentialsReader credentials;

    @Inject
    private transient ApiDispatcher api;

    @Inject
    private transient ServletBodies bodies;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        List<String> hosts = values(request.getHeaders("Host"));
        SecurityHeaders.fixed().forEach(response::setHeader);
        response.setHeader(
                "Content-Security-Policy",
                SecurityHeaders.contentSecurityPolicy(hosts.stream().findFirst()));
        Caller direct =
                new Caller(request.getRemoteAddr(), request.isSecure(), hosts, values(request.getHeaders("Origin")));
        Optional<Caller> caller = guard.behindProxies(direct, name -> values(request.getHeaders(name)));
        Optional<Refusal> refusal = isPlain(request)
                ? caller.map(known -> check(request, known)).orElse(Optional.of(Guard.DOUBTFUL_CALLER))
                : Optional.of(NOT_PLAIN);
        if (refusal.isPresent()) {
            refuse(request, response, refusal.get());
            return;
        }
        HttpServletRequest believed =
                guard.believesCookies(caller.orElseThrow()) ? request : new NobodysRequest(request);
        if (isHandshake(request)) {
            Optional<Refusal> stopping = guard.checkHandshake();
            if (stopping.isPresent()) {
                refuse(request, response, stopping.get());
            } else {
                handshake(believed, response, chain, caller.get().address());
            }
        } else {
            answer(believed, response, chain, caller.get());
        }
    }

    /**
     * Whether the container has read the path of the API, of health or of metrics as it was written: it leaves out parameters,
     * and more.
     */
    private static boolean isPlain(HttpServletRequest request) {
        String path = ServletHttpRequest.path(request);
        return !RequestTarget.isOurs(path)
                || RequestTarget.parse(request.getRequestURI(), null)
                        .filter(target -> target.isPlain() && target.path().endsWith(path))
                        .isPresent();
    }

    private Optional<Refusal> check(HttpServletRequest request, Caller caller) {
        Optional<Refusal> refusal = guard.check(caller);
        return refusal.isPresent() && isFile(request) ? guard.checkPublic(caller) : refusal;
    }

    /** Whether it reads a file of the application that is anybody's, and nothing that somebody has written answers it. */
    private static boolean isFile(HttpServletRequest request) {
        boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        if (!reads
                || isHandshake(request)
                || request.getHttpServletMapping().getMappingMatch() != MappingMatch.DEFAULT) {
            return false;
        }
        String path = ServletHttpRequest.path(request);
        try {
            return !RequestTarget.isOurs(path) && request.getServletContext().getResource(path) != null;
        } catch (MalformedURLException e) {
            return false;
        }
    }

    /** What reads is answered here, since its answer may wait and must block no thread; all else by who comes next. */
    private void answer(HttpServletRequest request, HttpServletResponse response, FilterChain chain, Caller caller)
            throws IOException, ServletException {
        String path = ServletHttpRequest.path(request);
        if (ApiDispatcher.includes(path)) {
            response.setHeader("Vary", "Origin");
            guard.crossOrigin(caller).forEach(response::setHeader);
            ServletHttpRequest facts = new ServletHttpRequest(request, path, caller.address(), bodies);
            if (api.serve(facts, () -> ServletResponseWriter.to(request, response))) {
                return;
            }
        }
        chain.doFilter(request, response);
    }

    /** It may be asked for among other protocols (RFC 9110 section 7.8). */
    private static boolean isHandshake(HttpServletRequest request) {
        return values(request.getHeaders("Upgrade")).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .anyMatch(protocol -> protocol.strip().equalsIgnoreCase("websocket"));
    }

    /** The session that it opens is shown what the handshake showed. */
    private void handshake(HttpServletRequest request, HttpServletResponse response, FilterChain chain, String address)
            throws IOException, ServletException {
        Admission admission = guard.admit(address);
        if (admission.refusal().isPresent()) {
            refuse(request, response, admission.refusal().get());
            return;
        }
        // It takes its place where its end is seen too: when its session opens
        admission.permit().ifPresent(ConnectionPermit::release);
        Credentials shown;
        try {
            shown = credentials.read(
                    values(request.getHeaders("Authorization")),
                    values(request.getHeaders("Cookie")),
                    request.getUserPrincipal(),
                    request::isUserInRole);
        } catch (RefusedException e) {
            refuse(request, response, new Refusal(CredentialsReader.MALFORMED, e.reason()));
            return;
        }
        HandshakePrincipal principal = guard.countsAddresses()
                ? HandshakePrincipal.counted(shown, address)
                : HandshakePrincipal.of(shown, address);
        chain.doFilter(showing(request, principal), response);
    }

    private static HttpServletRequest showing(HttpServletRequest request, Principal principal) {
        return new HttpServletRequestWrapper(request) {
            @Override
            public Principal getUserPrincipal() {
                return principal;
            }
        };
    }

    /** Not by {@code sendError}, with which containers send pages of their own. */
    private static void refuse(HttpServletRequest request, HttpServletResponse response, Refusal refusal)
            throws IOException {
        String body = refusal.sentence();
        if (ApiDispatcher.includes(ServletHttpRequest.path(request))) {
            Problem problem = Problem.of(refusal);
            problem.headers().forEach(response::setHeader);
            body = problem.body();
        } else {
            response.setHeader("Content-Type", "text/plain; charset=utf-8");
            response.setHeader("Cache-Control", "no-store");
        }
        response.setStatus(refusal.status());
        response.getOutputStream().write((body + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> values(Enumeration<String> headers) {
        return Collections.list(headers);
    }
}
