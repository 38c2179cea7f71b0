package dev.parley.channel;

import dev.parley.protocol.Message;
import dev.parley.protocol.Push;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A push at its offset, encoded once for each representation that is read. Thread-safe. */
final class Entry {
    /** What an entry costs beside its body: objects, headers, the rest of the encoded line. */
    private static final int OVERHEAD = 400;

    final Push push;
    final long offset;
    final Instant at;
    private volatile @Nullable EncodedForm forms;

    private record EncodedForm(
            Representation representation,
            Optional<Encoded> encoded,
            @Nullable EncodedForm next) {}

    Entry(Push push, long offset, Instant at) {
        this.push = push;
        this.offset = offset;
        this.at = at;
    }

    static Entry of(Message message) {
        return new Entry(message, message.position().offset(), message.at());
    }

    /**
     * Two threads that come at once may both encode; either result serves. A form that says the same as another is kept
     * once: clients may name buffers of many sizes, and nearly every message fits into all of them.
     */
    Optional<Encoded> encoded(Representation representation) {
        for (EncodedForm form = forms; form != null; form = form.next()) {
            if (form.representation() == representation) {
                return form.encoded();
            }
        }
        Optional<Encoded> encoded = known(representation.encode(push));
        forms = new EncodedForm(representation, encoded, forms);
        return encoded;
    }

    private Optional<Encoded> known(Optional<Encoded> encoded) {
        for (EncodedForm form = forms; form != null; form = form.next()) {
            if (form.encoded().equals(encoded)) {
                return form.encoded();
            }
        }
        return encoded;
    }

    /** About what it holds in memory: the body, and once more as encoded. */
    int weight() {
        return push instanceof Message message ? OVERHEAD + 2 * message.body().weight() : OVERHEAD;
    }
}
