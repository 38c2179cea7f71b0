package dev.parley.http;

import dev.parley.channel.Encoded;
import dev.parley.channel.Representation;
import dev.parley.connection.WireRepresentation;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import java.util.Optional;

/**
 * Server-sent events (HTML, section 9.2.6): a block for each push, whose data is the wire's line. A line is compact JSON
 * and so has no line end that could begin another field (CWE-93).
 */
enum SseRepresentation implements Representation {
    /** A message's id is its position, from which its reader, of one channel, resumes; of what is forgotten: where that begins. */
    POSITIONED,
    /** For readers of several channels: no message's position is theirs. */
    PLAIN;

    @Override
    public Optional<Encoded> encode(Push push) {
        String data = "data: " + WireRepresentation.line(push) + "\n\n";
        if (push instanceof Push.Disconnect) {
            return Optional.of(Encoded.Text.of("event: disconnect\n" + data));
        }
        String id = this == POSITIONED
                ? place(push).map(place -> "id: " + place + "\n").orElse("")
                : "";
        return Optional.of(Encoded.Text.of(id + data));
    }

    /** From where its reader resumes who has it. */
    private static Optional<Position> place(Push push) {
        if (push instanceof Push.Forgotten forgotten) {
            return Optional.of(forgotten.range().after());
        }
        return push instanceof Message message ? Optional.of(message.position()) : Optional.empty();
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
