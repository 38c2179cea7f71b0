package dev.parley.grizzly;

import dev.parley.api.Credentials;
import dev.parley.http.RequestTarget;
import dev.parley.security.Admission;
import dev.parley.security.Caller;
import dev.parley.security.CredentialsReader;
import dev.parley.security.Guard;
import dev.parley.security.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.Protocol;
import org.glassfish.grizzly.http.util.Header;

/** Asks the guard about what Grizzly has read of a request. */
final class GuardAdapter {
    private final Guard guard;
    private final CredentialsReader credentials;

    GuardAdapter(Guard guard, CredentialsReader credentials) {
        this.guard = guard;
        this.credentials = credentials;
    }

    /** Empty when the request may be answered. */
    Optional<Refusal> check(HttpRequestPacket request) {
        boolean probes = request.getProtocol() == Protocol.HTTP_1_0
                && target(request)
                        .map(RequestTarget::path)
                        .filter(RequestTarget::isHealth)
                        .isPresent();
        return check(request, probes ? guard::checkProbe : guard::check);
    }

    /** The same of one that only reads a file that is anybody's. */
    Optional<Refusal> checkPublic(HttpRequestPacket request) {
        return check(request, guard::checkPublic);
    }

    private Optional<Refusal> check(HttpRequestPacket request, Function<Caller, Optional<Refusal>> check) {
        if (target(request).isEmpty()) {
            return Optional.of(new Refusal(400, "The address of the request is not well formed."));
        }
        Optional<Caller> caller = caller(request);
        return caller.isEmpty() ? Optional.of(Guard.DOUBTFUL_CALLER) : check.apply(caller.get());
    }

    /** Empty when a WebSocket may be opened. */
    Optional<Refusal> checkHandshake() {
        return guard.checkHandshake();
    }

    /**
     * Asks for a place for a client of a proxy that is to keep its connection for itself, as WebSockets do; empty when
     * there is no proxy in between.
     */
    Optional<Admission> admitBehindProxy(HttpRequestPacket request) {
        return caller(request)
                .map(Caller::address)
                .filter(address -> !address.equals(request.getRemoteAddress()))
                .map(guard::admitBehindProxy);
    }

    /** Of the client, or of whom a proxy that is believed asks for. */
    String address(HttpRequestPacket request) {
        return caller(request).map(Caller::address).orElseGet(request::getRemoteAddress);
    }

    /** Takes from the request, before anybody looks at it, what its browser has sent along for no page of ours. */
    void dropForeignCookies(HttpRequestPacket request) {
        if (!caller(request).map(guard::believesCookies).orElse(false)) {
            request.getHeaders().removeHeader(Header.Cookie);
        }
    }

    /** The headers by which a page of another origin may read the answer. */
    Map<String, String> crossOrigin(HttpRequestPacket request) {
        return caller(request).map(guard::crossOrigin).orElse(Map.of());
    }

    /** Who asks, or on whose behalf a proxy does that is believed; empty when that proxy says what cannot be read. */
    Optional<Caller> caller(HttpRequestPacket request) {
        Caller direct = new Caller(
                request.getRemoteAddress(),
                request.isSecure(),
                values(request, Header.Host.toString()),
                values(request, "Origin"));
        return guard.behindProxies(direct, name -> values(request, name));
    }

    /**
     * What a request shows of who sends it.
     *
     * @throws dev.parley.protocol.RefusedException when that cannot be right
     */
    Credentials shown(HttpRequestPacket request) {
        return credentials.read(
                values(request, Header.Authorization.toString()), values(request, Header.Cookie.toString()));
    }

    static Optional<RequestTarget> target(HttpRequestPacket request) {
        return RequestTarget.parse(request.getRequestURI(), request.getQueryString());
    }

    static List<String> values(HttpRequestPacket request, String header) {
        List<String> values = new ArrayList<>();
        request.getHeaders().values(header).forEach(values::add);
        return values;
    }
}
