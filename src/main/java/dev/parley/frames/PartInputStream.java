package dev.parley.frames;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;

/** A binary message that is read as its parts come; a read waits for the next one. */
final class PartInputStream extends InputStream {
    private static final byte[] NOTHING = {};

    private final PartQueue<byte[]> parts;
    private byte[] part = NOTHING;
    private int at;
    private boolean ended;

    PartInputStream(PartQueue<byte[]> parts) {
        this.parts = parts;
    }

    @Override
    public int read() throws IOException {
        return fill() ? part[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
        Objects.checkFromIndexSize(from, count, into.length);
        if (count == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int taken = Math.min(count, part.length - at);
        System.arraycopy(part, at, into, from, taken);
        at += taken;
        return taken;
    }

    @Override
    public int available() {
        return part.length - at;
    }

    private boolean fill() throws IOException {
        while (at == part.length && !ended) {
            Optional<byte[]> next = parts.take();
            ended = next.isEmpty();
            part = next.orElse(NOTHING);
            at = 0;
        }
        return !ended;
    }

    @Override
    public void close() {
        parts.abandon();
    }
}
