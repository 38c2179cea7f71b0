package dev.parley.servlet;

import dev.parley.api.Credentials;
import dev.parley.http.ApiDispatcher;
import dev.parley.http.Problem;
import dev.parley.http.RequestTarget;
import dev.parley.protocol.RefusedException;
import dev.parley.security.Admission;
import dev.parley.security.Caller;
import dev.parley.security.ConnectionPermit;
import dev.parley.security.CredentialsReader;
import dev.parley.security.Guard;
import dev.parley.security.GuestDoors;
import dev.parley.security.HandshakeSender;
import dev.parley.security.HandshakeUsers;
import dev.parley.security.Refusal;
import dev.parley.security.SecurityHeaders;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.MalformedURLException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The guard at the door of the WAR: every request passes here, a WebSocket's handshake too, before the container looks
 * for a servlet or an endpoint; and below {@code /api} the {@link ApiDispatcher} is asked first. {@code web.xml} names
 * it, since only a filter named there comes before those that the containers add for WebSocket.
 *
 * <p>How many TCP connections there may be is the application server's own to say. How many WebSockets there may be of
 * one address is said here, and again when a session opens: a filter sees where a WebSocket begins and not where it
 * ends, so what it has seen goes to the session by way of the endpoint's Configurator, see {@link HandshakeSender}.
 */
public class GuardFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private static final Refusal UNKNOWN =
            new Refusal(503, "It cannot be told just now whose token this is. Try again later.");

    /** As long as keys may take to be read. */
    private static final int SECONDS_TO_KNOW = 10;

    private static final int UNAUTHORIZED = 401;
    private static final String UPGRADE = HandshakeServletRequest.UPGRADE;
    private static final String WEBSOCKET = HandshakeServletRequest.WEBSOCKET;
    private static final String VERSION = "Sec-WebSocket-Version";
    private static final String KNOWN_VERSION = "13";
    private static final Refusal OTHER_VERSION =
            new Refusal(426, "This server speaks version " + KNOWN_VERSION + " of the WebSocket protocol.");

    private static final Refusal NOT_PLAIN = new Refusal(400, "The address of the request has more than one reading.");

    @Inject
    private transient Guard guard;

    @Inject
    private transient CredentialsReader credentials;

    @Inject
    private transient HandshakeUsers users;

    @Inject
    private transient GuestDoors guests;

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
            } else if (values(request.getHeaders(VERSION)).stream()
                    .anyMatch(version -> !version.equals(KNOWN_VERSION))) {
                refuseVersion(request, response);
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
        boolean probes = RequestTarget.isHealth(ServletHttpRequest.path(request))
                && request.getProtocol().equals("HTTP/1.0");
        Optional<Refusal> refusal = probes ? guard.checkProbe(caller) : guard.check(caller);
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
        return values(request.getHeaders(UPGRADE)).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .anyMatch(protocol -> protocol.strip().equalsIgnoreCase(WEBSOCKET));
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
        Optional<HandshakeSender> known = sender(shown, address);
        Optional<Refusal> refusal = known.isEmpty()
                ? Optional.of(UNKNOWN)
                : users.check(known.get(), guests.isOpen(ServletHttpRequest.path(request)));
        if (refusal.isPresent()) {
            refuse(request, response, refusal.get());
            return;
        }
        HandshakeSender sender = guard.countsAddresses() ? known.get().counted() : known.get();
        HandshakeSender.Answering answering = sender.answering();
        try {
            chain.doFilter(showing(request, sender), response);
        } finally {
            answering.close();
        }
    }

    /** Empty when that takes too long: this thread is the container's, and a servlet's handshake cannot wait without one. */
    private Optional<HandshakeSender> sender(Credentials shown, String address) throws IOException {
        try {
            return Optional.of(
                    users.sender(shown, address).toCompletableFuture().get(SECONDS_TO_KNOW, TimeUnit.SECONDS));
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /** Whoever has not been verified is nobody; whom the container has logged in is as the container knows it. */
    private static HttpServletRequest showing(HttpServletRequest request, HandshakeSender sender) {
        boolean isContainers =
                sender.user().isPresent() && sender.credentials().token().isEmpty();
        HttpServletRequest handshake = new HandshakeServletRequest(request);
        return isContainers ? handshake : new VerifiedRequest(handshake, sender);
    }

    /** RFC 9110 section 15.5.22, RFC 6455 section 4.4. */
    private static void refuseVersion(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader(UPGRADE, WEBSOCKET);
        response.setHeader("Connection", UPGRADE);
        response.setHeader(VERSION, KNOWN_VERSION);
        refuse(request, response, OTHER_VERSION);
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
        if (refusal.status() == UNAUTHORIZED) { // RFC 9110 section 11.6.1, RFC 6750 section 3
            response.setHeader("WWW-Authenticate", "Bearer");
        }
        response.setStatus(refusal.status());
        response.getOutputStream().write((body + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> values(Enumeration<String> headers) {
        return Collections.list(headers);
    }
}
