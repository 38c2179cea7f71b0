package dev.parley.standalone;

import java.util.List;
import java.util.Optional;
import org.glassfish.grizzly.http.HttpRequestPacket;

/** A request as Grizzly has read it. */
record GrizzlyRequest(HttpRequestPacket packet, String path, String address) implements dev.parley.http.Request {
    @Override
    public String method() {
        return packet.getMethod().toString();
    }

    @Override
    public Optional<String> query() {
        return Optional.ofNullable(packet.getQueryString());
    }

    @Override
    public List<String> headers(String name) {
        return Door.values(packet, name);
    }
}
