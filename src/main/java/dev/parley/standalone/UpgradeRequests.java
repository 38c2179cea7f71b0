package dev.parley.standalone;

import dev.parley.security.Authority;
import dev.parley.security.Caller;
import dev.parley.security.Credentials;
import dev.parley.security.HandshakePrincipal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.util.Parameters;
import org.glassfish.tyrus.core.RequestContext;
import org.glassfish.tyrus.core.Utils;
import org.glassfish.tyrus.spi.UpgradeRequest;

/** Tells Tyrus what Grizzly has read of a handshake. */
final class UpgradeRequests {
    /** By headers that begin so a client could turn on Tyrus's tracing or name its connection in a cluster. */
    private static final List<String> TYRUS_HEADERS = List.of("x-tyrus-", "tyrus-");

    private static final String LENIENT = "[]|{}^`";

    private UpgradeRequests() {}

    /**
     * @param caller the client, also where a proxy that is believed asks for it: what endpoints are told of addresses and
     *     of TLS is as the client has it
     * @param shown what it shows of who sends it
     */
    static UpgradeRequest of(HttpRequestPacket packet, Caller caller, Credentials shown) {
        Authority here = Authority.parse(caller.hosts().get(0)).orElseThrow();
        RequestContext request = RequestContext.Builder.create()
                .userPrincipal(HandshakePrincipal.of(shown).orElse(null))
                .requestURI(address(packet, caller, here))
                .queryString(packet.getQueryString() == null ? null : strict(packet.getQueryString()))
                .parameterMap(parameters(packet))
                .secure(caller.secure())
                .remoteAddr(caller.address())
                .serverAddr(here.host())
                .serverPort(here.port())
                .tyrusProperties(Map.of())
                .build();
        for (String name : packet.getHeaders().names()) {
            if (TYRUS_HEADERS.stream().noneMatch(name.toLowerCase(Locale.ROOT)::startsWith)) {
                List<String> values = request.getHeaders().computeIfAbsent(name, key -> new ArrayList<>());
                for (String value : packet.getHeaders().values(name)) {
                    values.addAll(Utils.parseHeaderValue(value.strip()));
                }
            }
        }
        return request;
    }

    /** The whole of it (Jakarta WebSocket 2.1, {@code Session.getRequestURI}), but for the query, which Tyrus adds. */
    private static URI address(HttpRequestPacket packet, Caller caller, Authority here) {
        String port = here.port() < 0 ? "" : ":" + here.port();
        return URI.create((caller.secure() ? "wss://" : "ws://") + here.host() + port + packet.getRequestURI());
    }

    /** What browsers leave in a query and RFC 3986 does not allow there: a {@code URI} takes it only escaped. */
    private static String strict(String query) {
        StringBuilder strict = new StringBuilder(query.length());
        for (int i = 0; i < query.length(); i++) {
            char c = query.charAt(i);
            strict.append(LENIENT.indexOf(c) < 0 ? String.valueOf(c) : "%" + Integer.toHexString(c));
        }
        return strict.toString();
    }

    private static Map<String, String[]> parameters(HttpRequestPacket packet) {
        Parameters parameters = new Parameters();
        parameters.setQuery(packet.getQueryStringDC());
        parameters.setQueryStringEncoding(StandardCharsets.UTF_8);
        Map<String, String[]> map = new HashMap<>();
        for (String name : parameters.getParameterNames()) {
            map.put(name, parameters.getParameterValues(name));
        }
        return map;
    }
}
