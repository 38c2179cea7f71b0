package dev.parley.frames;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Hands on a message in parts as they come, however large it becomes: what is held of it is a character that is not whole,
 * and of a compressed one what has come of one part.
 *
 * <p>The hard case: a frame, or a piece of one, ends within the four bytes of one character. They are handed on with the
 * next part, so that no part begins or ends with half a surrogate pair. One message, one thread at a time.
 */
final class MessageParts {
    private static final byte[] NOTHING = {};

    /** Of what a compressed part comes to: twice this may be held of one connection. */
    private static final int INFLATED = 16 * 1024;

    private final FrameReader.Receiver receiver;
    private final boolean text;
    private final @Nullable Inflater inflater;
    private final Utf8 utf8 = new Utf8();
    private byte[] begun = NOTHING;
    private byte[] inflated = NOTHING;
    private int count;

    MessageParts(FrameReader.Receiver receiver, boolean text, boolean compressed) {
        this.receiver = receiver;
        this.text = text;
        this.inflater = compressed ? new Inflater(true) : null;
    }

    /**
     * Hands it on.
     *
     * @throws DataFormatException for what was not compressed, or is no text
     */
    void add(byte[] piece, boolean last) throws DataFormatException {
        Inflater unpacking = inflater;
        if (unpacking == null) {
            handOn(piece, last);
            return;
        }
        inflate(unpacking, piece);
        if (last) {
            inflate(unpacking, Deflate.TAIL);
        }
        handOn(Arrays.copyOf(inflated, count), last);
        count = 0;
    }

    /** What follows will not come. */
    void end() {
        if (inflater != null) {
            inflater.end();
        }
        inflated = NOTHING;
        begun = NOTHING;
    }

    private void inflate(Inflater unpacking, byte[] piece) throws DataFormatException {
        if (inflated.length == 0) {
            inflated = new byte[INFLATED];
        }
        unpacking.setInput(piece);
        int more = unpacking.inflate(inflated, count, INFLATED - count);
        while (more > 0) {
            count += more;
            if (count == INFLATED) {
                handOn(inflated.clone(), false);
                count = 0;
            }
            more = unpacking.inflate(inflated, count, INFLATED - count);
        }
        if (unpacking.needsDictionary()) {
            throw new DataFormatException("A dictionary is asked for");
        }
    }

    private void handOn(byte[] bytes, boolean last) throws DataFormatException {
        if (text) {
            handOnText(bytes, last);
        } else if (last || bytes.length > 0) {
            receiver.binaryPart(bytes, last);
        }
    }

    private void handOnText(byte[] bytes, boolean last) throws DataFormatException {
        if (!utf8.accepts(bytes, 0, bytes.length) || (last && !utf8.isComplete())) {
            throw new DataFormatException("It is no UTF-8");
        }
        byte[] all = bytes;
        if (begun.length > 0) {
            all = Arrays.copyOf(begun, begun.length + bytes.length);
            System.arraycopy(bytes, 0, all, begun.length, bytes.length);
        }
        int whole = utf8.isComplete() ? all.length : lastBegin(all);
        begun = whole == all.length ? NOTHING : Arrays.copyOfRange(all, whole, all.length);
        if (last || whole > 0) {
            receiver.textPart(new String(all, 0, whole, StandardCharsets.UTF_8), last);
        }
    }

    /** Where the last character begins, whose first byte is none that continues one. */
    private static int lastBegin(byte[] bytes) {
        int at = bytes.length - 1;
        while ((bytes[at] & 0xc0) == 0x80) {
            at--;
        }
        return at;
    }
}
