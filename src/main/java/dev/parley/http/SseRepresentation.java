package dev.parley.http;

import dev.parley.channel.Encoded;
import dev.parley.channel.Representation;
import dev.parley.connection.WireRepresentation;
import dev.parley.protocol.Message;
import dev.parley.protocol.Push;
import java.util.Optional;

/**
 * Server-sent events (HTML, section 9.2.6): a block for each push, whose data is the wire's line. A line is compact JSON
 * and so has no line end that could begin another field (CWE-93).
 */
enum SseRepresentation implements Representation {
    /** A message's id is its position, from which its reader, of one channel, resumes. */
    POSITIONED,
    /** For readers of several channels: no message's position is theirs. */
    PLAIN;

    @Override
    public Optional<Encoded> encode(Push push) {
        String data = "data: " + WireRepresentation.line(push) + "\n\n";
        if (push instanceof Push.Disconnect) {
            return Optional.of(Encoded.Text.of("event: disconnect\n" + data));
        }
        boolean positioned = this == POSITIONED && push instanceof Message;
        return Optional.of(Encoded.Text.of(positioned ? "id: " + ((Message) push).position() + "\n" + data : data));
    }

    @Override
    public boolean joins() {
        return true;
    }

    @Override
    public String separator() {
        return "";
    }
}
