package dev.parley.grizzly;

import dev.parley.frames.OpeningHandshake;
import dev.parley.frames.StrictQuery;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.Protocol;
import org.glassfish.grizzly.http.util.DataChunk;
import org.glassfish.grizzly.http.util.Parameters;

/** An opening handshake as Grizzly has read it. */
final class GrizzlyHandshake {
    private GrizzlyHandshake() {}

    static OpeningHandshake of(HttpRequestPacket packet) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : packet.getHeaders().names()) {
            headers.computeIfAbsent(name, key -> GuardAdapter.values(packet, key));
        }
        return new OpeningHandshake(
                new OpeningHandshake.RequestLine(
                        packet.getMethod().getMethodString(),
                        packet.getRequestURI(),
                        Optional.ofNullable(packet.getQueryString()),
                        packet.getProtocol() == Protocol.HTTP_1_1),
                packet.getContentLength() > 0 || packet.isChunked(),
                headers);
    }

    /** Those of the query. */
    static Map<String, String[]> parameters(HttpRequestPacket packet) {
        Parameters parameters = new Parameters();
        DataChunk query = DataChunk.newInstance();
        Optional.ofNullable(packet.getQueryString()).map(StrictQuery::of).ifPresent(query::setString);
        parameters.setQuery(query);
        parameters.setQueryStringEncoding(StandardCharsets.UTF_8);
        Map<String, String[]> map = new HashMap<>();
        for (String name : parameters.getParameterNames()) {
            map.put(name, parameters.getParameterValues(name));
        }
        return map;
    }
}
