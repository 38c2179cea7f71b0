package dev.parley.wire;

import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import java.nio.charset.StandardCharsets;

/** Bytes as they travel: a line, a newline, the bytes. */
final class BinaryMessage {
    private BinaryMessage() {}

    static Bytes of(String line, Body.Binary body) {
        byte[] head = (line + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[head.length + body.bytes().size()];
        System.arraycopy(head, 0, all, 0, head.length);
        body.bytes().asBuffer().get(all, head.length, body.bytes().size());
        return Bytes.wrap(all);
    }
}
