package dev.parley.frames;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The extension {@code permessage-deflate} (RFC 7692), each message compressed by itself: so no connection keeps the 300 KB
 * that a compressor remembers between messages, and a batch is compressed once for all who get it.
 *
 * <p>Tyrus's own extension keeps both, inflates without a bound, and takes fragments of a message that is not compressed
 * for compressed ones.
 */
final class Deflate {
    static final String NAME = "permessage-deflate";

    /** What is answered at least to an offer that is taken. */
    static final String ANSWER = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    /** Payloads below it are not worth it. */
    private static final int LEAST = 256;

    /** What every compressed message ends in, and is left out (section 7.2.1). */
    static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private static final int PIECE = 8 * 1024;
    private static final int COMPRESSED = 0x40;
    private static final String OF_SERVER = "server_max_window_bits";

    /** What a deflater's window of Java is like, and the largest there is (section 7.1.2). */
    private static final String WINDOW_BITS = "15";

    private static final Set<String> WINDOWS = Set.of("8", "9", "10", "11", "12", "13", "14", WINDOW_BITS);

    private Deflate() {}

    /** Thrown where a message is larger than it may be once it is inflated. */
    static final class TooLargeException extends Exception {
        private static final long serialVersionUID = 1L;

        private TooLargeException() {
            super("", null, false, false);
        }
    }

    /**
     * What is answered to the first of these offers that can be kept (section 7.1): what it asks of the server is named in
     * it.
     */
    static Optional<String> answer(List<ExtensionOffer> offers) {
        return offers.stream()
                .filter(Deflate::canBeKept)
                .findFirst()
                .map(offer -> offer.has(OF_SERVER) ? ANSWER + "; " + OF_SERVER + "=" + WINDOW_BITS : ANSWER);
    }

    private static boolean canBeKept(ExtensionOffer offer) {
        return offer.name().equals(NAME)
                && offer.namesAreUnique()
                && offer.parameters().stream().allMatch(Deflate::canBeKept);
    }

    /** What the client's own window is like does not matter to who inflates with the largest. */
    private static boolean canBeKept(ExtensionOffer.Parameter parameter) {
        Optional<String> value = parameter.value();
        return switch (parameter.name()) {
            case "server_no_context_takeover", "client_no_context_takeover" -> value.isEmpty();
            case "client_max_window_bits" -> value.isEmpty() || WINDOWS.contains(value.get());
            case OF_SERVER -> value.equals(Optional.of(WINDOW_BITS));
            default -> false;
        };
    }

    /**
     * Inflates a message, but not a byte more than it may have: a few kilobytes can be made to become gigabytes.
     *
     * @throws DataFormatException for what was not compressed so
     */
    static byte[] inflated(byte[] message, int most) throws DataFormatException, TooLargeException {
        Inflater inflater = new Inflater(true);
        try {
            ByteArrayOutputStream all = new ByteArrayOutputStream(Math.min(most, 2 * message.length + PIECE));
            byte[] piece = new byte[PIECE];
            for (byte[] input : List.of(message, TAIL)) {
                inflater.setInput(input);
                int count = inflater.inflate(piece);
                while (count > 0) {
                    if (count > most - all.size()) {
                        throw new TooLargeException();
                    }
                    all.write(piece, 0, count);
                    count = inflater.inflate(piece);
                }
                if (inflater.needsDictionary()) {
                    throw new DataFormatException("A dictionary is asked for");
                }
            }
            return all.toByteArray();
        } finally {
            inflater.end();
        }
    }

    /** The frame of a whole message, compressed; or as it is, when it is another or would not get smaller. */
    static ByteBuffer frame(ByteBuffer frame) {
        int first = frame.get(frame.position()) & 0xff;
        Optional<ByteBuffer> payload =
                first == Frames.TEXT || first == Frames.BINARY ? Frames.payload(frame) : Optional.empty();
        if (payload.isEmpty() || payload.get().remaining() < LEAST) {
            return frame;
        }
        byte[] deflated = deflated(payload.get());
        if (deflated.length >= payload.get().remaining()) {
            return frame;
        }
        ByteBuffer compressed = ByteBuffer.allocate(Frames.MOST_HEADER + deflated.length);
        Frames.header(compressed, first | COMPRESSED, deflated.length);
        return compressed.put(deflated).flip();
    }

    private static byte[] deflated(ByteBuffer payload) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            deflater.setInput(payload.duplicate());
            ByteArrayOutputStream all = new ByteArrayOutputStream(payload.remaining() / 2);
            byte[] piece = new byte[PIECE];
            int count = deflater.deflate(piece, 0, PIECE, Deflater.SYNC_FLUSH);
            while (count > 0) {
                all.write(piece, 0, count);
                count = count < PIECE ? 0 : deflater.deflate(piece, 0, PIECE, Deflater.SYNC_FLUSH);
            }
            byte[] bytes = all.toByteArray();
            return Arrays.copyOf(bytes, bytes.length - TAIL.length);
        } finally {
            deflater.end();
        }
    }
}
