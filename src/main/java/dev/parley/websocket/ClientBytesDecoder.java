package dev.parley.websocket;

import jakarta.websocket.Decoder;
import java.nio.ByteBuffer;

/** Takes a binary message: a line of JSON, a newline, the bytes. It never fails, as {@link ClientMessageDecoder}. */
public final class ClientBytesDecoder implements Decoder.Binary<ClientBytes> {
    @Override
    public ClientBytes decode(ByteBuffer bytes) {
        return new ClientBytes(bytes);
    }

    @Override
    public boolean willDecode(ByteBuffer bytes) {
        return true;
    }
}
