package dev.parley.connection;

import dev.parley.channel.Batch;
import dev.parley.channel.Encoded;
import dev.parley.channel.Representation;
import java.util.ArrayList;
import java.util.List;

/** Replies and the batches of several channels, put together for one connection alone. */
final class BatchComposer {
    private final Representation representation;
    private final int most;
    private final List<Encoded> pieces = new ArrayList<>(4);
    private int size;

    /**
     * @param representation the connection's representation: whether texts are joined to one message, and by what
     * @param most bytes of a message that is joined from several
     */
    BatchComposer(Representation representation, int most) {
        this.representation = representation;
        this.most = most;
    }

    int size() {
        return size;
    }

    boolean fits(int bytes) {
        return size == 0 || size + bytes + 1 <= most;
    }

    void add(Batch batch) {
        batch.pieces().forEach(this::add);
    }

    void add(Encoded piece) {
        pieces.add(piece);
        size += piece.size() + 1;
    }

    Batch batch() {
        return new Batch(representation.joins() ? new Joining().all() : pieces, 0, size);
    }

    private final class Joining {
        private final List<Encoded> joined = new ArrayList<>(pieces.size());
        private final String separator = representation.separator();
        private final StringBuilder text = new StringBuilder(Math.min(size, most));
        private int bytes;

        List<Encoded> all() {
            for (Encoded piece : pieces) {
                if (piece instanceof Encoded.Text part) {
                    line(part);
                } else {
                    flush();
                    joined.add(piece);
                }
            }
            flush();
            return joined;
        }

        private void line(Encoded.Text part) {
            if (bytes > 0 && bytes + separator.length() + part.size() > most) {
                flush();
            }
            if (bytes > 0) {
                text.append(separator);
                bytes += separator.length();
            }
            text.append(part.text());
            bytes += part.size();
        }

        private void flush() {
            if (bytes > 0) {
                joined.add(new Encoded.Text(text.toString(), bytes));
                text.setLength(0);
                bytes = 0;
            }
        }
    }
}
