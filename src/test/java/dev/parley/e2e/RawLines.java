package dev.parley.e2e;

import java.io.IOException;
import java.io.InputStream;

/** Lines of a header, octet by octet, so that nothing behind them is read. */
final class RawLines {
    private RawLines() {}

    /** Up to the line's end or the stream's, and nothing of that. */
    static String next(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int octet = in.read();
        while (octet >= 0 && octet != '\n') {
            line.append((char) octet);
            octet = in.read();
        }
        return line.toString().strip();
    }
}
