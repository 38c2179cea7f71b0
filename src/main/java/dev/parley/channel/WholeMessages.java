package dev.parley.channel;

import dev.parley.log.ContentPiece;
import dev.parley.log.Head;
import dev.parley.log.Log;
import dev.parley.log.Slice;
import dev.parley.protocol.Body;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Messages with the JSON that they only mention, one at a time: from the log, or from the memory of a channel that has none.
 * Waits for the log.
 */
final class WholeMessages implements CatchUpReader.PageSource {
    private final Log log;

    WholeMessages(Log log) {
        this.log = log;
    }

    @Override
    public Slice read(LiveChannel channel, Branch branch, long after) {
        if (!channel.settings().durable()) {
            return held(channel, branch.lineage.at(after + 1));
        }
        Slice slice = log.read(channel.name(), after, 1, 0);
        return new Slice(
                slice.head(), slice.messages().stream().map(this::whole).toList());
    }

    /** Without the message, where it is gone meanwhile: then that one is lost. */
    private static Slice held(LiveChannel channel, Position position) {
        List<Message> found = channel.messages().find(position).stream().toList();
        return new Slice(new Head(position.epoch(), position.offset(), position.offset()), found);
    }

    private Message whole(Message message) {
        if (!(message.body() instanceof Body.Reference)) {
            return message;
        }
        Optional<Body> whole = log.content(message.channel(), message.position(), 0, Integer.MAX_VALUE)
                .flatMap(WholeMessages::json);
        return whole.map(body -> new Message(message.channel(), message.position(), message.from(), message.at(), body))
                .orElse(message);
    }

    /** Empty for bytes that only call themselves JSON. */
    private static Optional<Body> json(ContentPiece content) {
        try {
            String text =
                    StandardCharsets.UTF_8.decode(content.bytes().asBuffer()).toString();
            return Optional.of(Body.json(text));
        } catch (RefusedException e) {
            return Optional.empty();
        }
    }
}
