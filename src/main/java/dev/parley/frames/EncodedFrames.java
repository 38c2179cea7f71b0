package dev.parley.frames;

import dev.parley.channel.Encoded;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch as whole frames, one behind the other, made once for all sessions; compressed too, once one takes it so. Two that
 * come at once may both compress it, and either serves.
 */
final class EncodedFrames {
    private final List<Encoded> pieces;
    private final ByteBuffer plain;
    private volatile @Nullable ByteBuffer compressed;

    EncodedFrames(List<Encoded> pieces) {
        this.pieces = pieces;
        this.plain = frames(pieces);
    }

    /** A view of its own for each who writes it. */
    ByteBuffer plain() {
        return plain.duplicate();
    }

    /** The same for those who take compressed messages. */
    ByteBuffer compressed() {
        ByteBuffer known = compressed;
        if (known == null) {
            known = compress(pieces);
            compressed = known;
        }
        return known.duplicate();
    }

    private static ByteBuffer frames(List<Encoded> pieces) {
        List<ByteBuffer> payloads = pieces.stream().map(EncodedFrames::payload).toList();
        int size = payloads.stream()
                .mapToInt(payload -> Frames.MOST_HEADER + payload.remaining())
                .sum();
        ByteBuffer frames = ByteBuffer.allocate(size);
        for (int i = 0; i < pieces.size(); i++) {
            Frames.header(
                    frames,
                    pieces.get(i) instanceof Encoded.Text ? Frames.TEXT : Frames.BINARY,
                    payloads.get(i).remaining());
            frames.put(payloads.get(i));
        }
        return frames.flip().asReadOnlyBuffer();
    }

    private static ByteBuffer compress(List<Encoded> pieces) {
        List<ByteBuffer> frames = pieces.stream()
                .map(piece -> Deflate.frame(frames(List.of(piece))))
                .toList();
        ByteBuffer all = ByteBuffer.allocate(
                frames.stream().mapToInt(ByteBuffer::remaining).sum());
        frames.forEach(frame -> all.put(frame.duplicate()));
        return all.flip().asReadOnlyBuffer();
    }

    private static ByteBuffer payload(Encoded piece) {
        return piece instanceof Encoded.Text text
                ? ByteBuffer.wrap(text.text().getBytes(StandardCharsets.UTF_8))
                : ((Encoded.Binary) piece).bytes().asBuffer();
    }
}
