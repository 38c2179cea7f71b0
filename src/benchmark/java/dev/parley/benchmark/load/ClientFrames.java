package dev.parley.benchmark.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Frames of a client (RFC 6455 section 5.2). The masking key is 0, which costs the server the same and lets the load
 * program write text as it is.
 */
final class ClientFrames {
    private static final int FINAL = 0x80;
    private static final int TEXT = 0x1;
    private static final int PONG = 0xa;
    private static final int MASKED = 0x80;
    private static final int SHORT_LENGTH = 126;
    private static final int KEY = 4;
    private static final int MOST_HEADER = 8;

    private ClientFrames() {}

    static ByteBuffer text(String text) {
        return frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    static ByteBuffer pong(byte[] payload) {
        return frame(PONG, payload);
    }

    private static ByteBuffer frame(int opcode, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(MOST_HEADER + payload.length).put((byte) (FINAL | opcode));
        if (payload.length < SHORT_LENGTH) {
            frame.put((byte) (MASKED | payload.length));
        } else {
            frame.put((byte) (MASKED | SHORT_LENGTH)).putShort((short) payload.length);
        }
        return frame.position(frame.position() + KEY).put(payload).flip();
    }
}
