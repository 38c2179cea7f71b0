package dev.parley.channel;

import dev.parley.protocol.Body;
import dev.parley.protocol.Message;
import dev.parley.protocol.Push;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A push at its offset, encoded once for each representation that is read. Thread-safe. */
final class Entry {
    /** What an entry costs beside its body: objects, headers, the rest of the encoded line. */
    private static final int OVERHEAD = 400;

    /** A body that travels with its message is kept as it is, and as encoded in two forms. */
    private static final int COPIES = 3;

    private static final String JSON = "application/json";

    final Push push;
    final long offset;
    final Instant at;

    /** The message with its content, where that is kept here though the push only mentions it. */
    private final @Nullable Message whole;

    private final long weight;
    private volatile @Nullable EncodedForm forms;

    private record EncodedForm(
            Representation representation,
            Optional<Encoded> encoded,
            @Nullable EncodedForm next) {}

    Entry(Push push, long offset, Instant at) {
        this(push, offset, at, null);
    }

    private Entry(Push push, long offset, Instant at, @Nullable Message whole) {
        this.push = push;
        this.offset = offset;
        this.at = at;
        this.whole = whole;
        this.weight = OVERHEAD
                + (push instanceof Message message ? COPIES * bytes(message.body()) : 0)
                + (whole == null ? 0 : bytes(whole.body()));
    }

    static Entry of(Message message) {
        return new Entry(message, message.position().offset(), message.at());
    }

    /** Of a message whose content is nowhere else; where it is larger than this it is kept beside its mention. */
    static Entry holding(Push push, long offset, Instant at, int inlineSize) {
        return push instanceof Message message && message.body().size() > inlineSize
                ? new Entry(message.mentioned(), offset, at, message)
                : new Entry(push, offset, at);
    }

    /** Whether it mentions JSON that is read for whoever wants that whole. */
    boolean mentionsJson() {
        return push instanceof Message message
                && message.body() instanceof Body.Reference reference
                && reference.type().equals(JSON);
    }

    /** The message with its content, as far as that is here. */
    Optional<Message> message() {
        Message held = whole;
        return held != null
                ? Optional.of(held)
                : push instanceof Message message ? Optional.of(message) : Optional.empty();
    }

    /** Of a text, what the virtual machine takes for it: a byte or two for each character. */
    private static long bytes(Body body) {
        boolean wide = body instanceof Body.Json json && json.size() > json.weight();
        return wide ? 2L * body.weight() : body.weight();
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

    /** About what it holds in memory, in bytes. */
    long weight() {
        return weight;
    }
}
