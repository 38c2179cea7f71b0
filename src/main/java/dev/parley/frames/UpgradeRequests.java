package dev.parley.frames;

import dev.parley.security.Authority;
import dev.parley.security.Caller;
import dev.parley.security.HandshakeSender;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.glassfish.tyrus.core.RequestContext;
import org.glassfish.tyrus.core.Utils;
import org.glassfish.tyrus.spi.UpgradeRequest;

/** Tells Tyrus what HTTP has read of a handshake. */
final class UpgradeRequests {
    /** By headers that begin so a client could turn on Tyrus's tracing or name its connection in a cluster. */
    private static final List<String> TYRUS_HEADERS = List.of("x-tyrus-", "tyrus-");

    private static final String UPGRADE = "Upgrade";

    private UpgradeRequests() {}

    /**
     * @param parameters of the query
     * @param caller the client, also where a proxy that is believed asks for it: what endpoints are told of addresses and
     *     of TLS is as the client has it
     * @param sender who sends it
     */
    static UpgradeRequest of(
            OpeningHandshake handshake, Map<String, String[]> parameters, Caller caller, HandshakeSender sender) {
        Authority here = Authority.parse(caller.hosts().get(0)).orElseThrow();
        RequestContext request = RequestContext.Builder.create()
                .userPrincipal(sender.principal().orElse(null))
                .isUserInRoleDelegate(sender::isInRole)
                .requestURI(address(handshake.line().path(), caller, here))
                .queryString(handshake.line().query().map(StrictQuery::of).orElse(null))
                .parameterMap(parameters)
                .secure(caller.secure())
                .remoteAddr(caller.address())
                .serverAddr(here.host())
                .serverPort(here.port())
                .tyrusProperties(Map.of())
                .build();
        // Tyrus knows of no list there
        request.getHeaders().put(UPGRADE, new ArrayList<>(List.of("websocket")));
        handshake.headers().forEach((name, lines) -> {
            if (!name.equalsIgnoreCase(UPGRADE)
                    && TYRUS_HEADERS.stream().noneMatch(name.toLowerCase(Locale.ROOT)::startsWith)) {
                List<String> values = request.getHeaders().computeIfAbsent(name, key -> new ArrayList<>());
                lines.forEach(value -> values.addAll(Utils.parseHeaderValue(value.strip())));
            }
        });
        return request;
    }

    /** The whole of it (Jakarta WebSocket 2.1, {@code Session.getRequestURI}), but for the query, which Tyrus adds. */
    private static URI address(String path, Caller caller, Authority here) {
        String port = here.port() < 0 ? "" : ":" + here.port();
        return URI.create((caller.secure() ? "wss://" : "ws://") + here.host() + port + path);
    }
}
