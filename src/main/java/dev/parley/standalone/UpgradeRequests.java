package dev.parley.standalone;

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

    private UpgradeRequests() {}

    /** @param shown what it shows of who sends it */
    static UpgradeRequest of(HttpRequestPacket packet, Credentials shown) {
        RequestContext request = RequestContext.Builder.create()
                .userPrincipal(HandshakePrincipal.of(shown).orElse(null))
                .requestURI(URI.create(packet.getRequestURI()))
                .queryString(packet.getQueryString())
                .parameterMap(parameters(packet))
                .secure(packet.isSecure())
                .remoteAddr(packet.getRemoteAddress())
                .serverAddr(packet.getLocalHost() == null ? packet.getLocalAddress() : packet.getLocalHost())
                .serverPort(packet.getLocalPort())
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
