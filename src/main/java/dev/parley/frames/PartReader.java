package dev.parley.frames;

import java.io.IOException;
import java.io.Reader;
import java.util.Objects;
import java.util.Optional;

/** A text that is read as its parts come; a read waits for the next one. */
final class PartReader extends Reader {
    private final PartQueue<String> parts;
    private String part = "";
    private int at;
    private boolean ended;

    PartReader(PartQueue<String> parts) {
        this.parts = parts;
    }

    @Override
    public int read(char[] into, int from, int count) throws IOException {
        Objects.checkFromIndexSize(from, count, into.length);
        if (count == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int taken = Math.min(count, part.length() - at);
        part.getChars(at, at + taken, into, from);
        at += taken;
        return taken;
    }

    @Override
    public boolean ready() {
        return at < part.length() || parts.isReady();
    }

    private boolean fill() throws IOException {
        while (at == part.length() && !ended) {
            Optional<String> next = parts.take();
            ended = next.isEmpty();
            part = next.orElse("");
            at = 0;
        }
        return !ended;
    }

    @Override
    public void close() {
        parts.abandon();
    }
}
