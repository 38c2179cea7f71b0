package dev.parley.connection;

import dev.parley.channel.Encoded;
import dev.parley.channel.Representation;
import dev.parley.protocol.Body;
import dev.parley.protocol.Message;
import dev.parley.protocol.Push;
import dev.parley.wire.WireWriter;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The lines of {@code v1.parley}. A message larger than what its reader can take is mentioned instead, with the path
 * where its content is: a client with small buffers would else close, resume, and be sent the same again.
 */
public final class WireRepresentation implements Representation {
    private static final int LEAST = 9;
    private static final int UNBOUNDED = 31;

    /** By powers of two, so that a few forms of a message serve all sizes of buffer that clients may name. */
    private static final AtomicReferenceArray<WireRepresentation> BY_POWER = new AtomicReferenceArray<>(UNBOUNDED + 1);

    private final int most;

    private WireRepresentation(int most) {
        this.most = most;
    }

    /** For readers that take messages of any size. */
    public static WireRepresentation whole() {
        return byPower(UNBOUNDED);
    }

    /** For readers that take messages up to this size in bytes (taken as the power of two below; 512 at least). */
    public static WireRepresentation upTo(int bytes) {
        return byPower(Math.max(LEAST, UNBOUNDED - Integer.numberOfLeadingZeros(Math.max(1, bytes))));
    }

    private static WireRepresentation byPower(int power) {
        int most = power == UNBOUNDED ? Integer.MAX_VALUE : 1 << power;
        return BY_POWER.updateAndGet(power, known -> known == null ? new WireRepresentation(most) : known);
    }

    @Override
    public Optional<Encoded> encode(Push push) {
        Encoded encoded = push instanceof Message message && message.body() instanceof Body.Binary binary
                ? new Encoded.Binary(WireWriter.write(message, binary))
                : Encoded.Text.of(WireWriter.write(push));
        return Optional.of(
                encoded.size() > most && push instanceof Message message
                        ? Encoded.Text.of(WireWriter.write((Push) message.mentioned()))
                        : encoded);
    }

    /** The line of a push, for transports of text alone: bytes are mentioned, whatever their size. */
    public static String line(Push push) {
        return WireWriter.write(
                push instanceof Message message && message.body() instanceof Body.Binary ? message.mentioned() : push);
    }

    @Override
    public boolean joins() {
        return true;
    }
}
