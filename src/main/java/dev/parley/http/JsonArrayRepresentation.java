package dev.parley.http;

import dev.parley.channel.Encoded;
import dev.parley.channel.Representation;
import dev.parley.connection.WireRepresentation;
import dev.parley.protocol.Push;
import java.util.Optional;

/** The lines of the wire as elements of a JSON array, for answers that are read whole. Bytes are mentioned. */
enum JsonArrayRepresentation implements Representation {
    LINE;

    /** Why an answer ends its status says. */
    @Override
    public Optional<Encoded> encode(Push push) {
        return push instanceof Push.Disconnect
                ? Optional.empty()
                : Optional.of(Encoded.Text.of(WireRepresentation.line(push)));
    }

    @Override
    public boolean joins() {
        return true;
    }

    @Override
    public String separator() {
        return ",";
    }
}
