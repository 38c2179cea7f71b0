package dev.parley.frames;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
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
    /** What is answered to an offer that is taken. */
    static final String ANSWER = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    /** Payloads below it are not worth it. */
    private static final int LEAST = 256;

    /** What every compressed message ends in, and is left out (section 7.2.1). */
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private static final int PIECE = 8 * 1024;
    private static final int COMPRESSED = 0x40;
    private static final Set<String> TAKEN = Set.of(
            "server_no_context_takeover",
            "client_no_context_takeover",
            "client_max_window_bits",
            "server_max_window_bits=15",
            "server_max_window_bits=\"15\"");

    private Deflate() {}

    /** Thrown where a message is larger than it may be once it is inflated. */
    static final class TooLargeException extends Exception {
        private static final long serialVersionUID = 1L;

        private TooLargeException() {
            super("", null, false, false);
        }
    }

    /** Whether one of the offers in {@code Sec-WebSocket-Extensions} can be taken (section 7.1). */
    static boolean isOffered(List<String> headers) {
        return headers.stream()
                .flatMap(header -> Arrays.stream(header.split(",", -1)))
                .anyMatch(Deflate::canBeTaken);
    }

    private static boolean canBeTaken(String offer) {
        List<String> parts =
                Arrays.stream(offer.split(";", -1)).map(String::strip).toList();
        List<String> parameters = parts.subList(1, parts.size());
        return parts.get(0).equals("permessage-deflate")
                && parameters.stream().allMatch(Deflate::isTaken)
                && new HashSet<>(parameters).size() == parameters.size();
    }

    /** What the client's own window is like does not matter to who inflates with the largest. */
    private static boolean isTaken(String parameter) {
        return TAKEN.contains(parameter) || parameter.matches("client_max_window_bits=\"?(8|9|1[0-5])\"?");
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
