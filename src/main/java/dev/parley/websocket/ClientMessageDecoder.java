package dev.parley.websocket;

import jakarta.websocket.Decoder;

/**
 * Takes a text message of commands. It never fails: containers differ in what they do with a failed decoder, and the
 * client is to be told what is wrong with which line.
 */
public final class ClientMessageDecoder implements Decoder.Text<ClientMessage> {
    @Override
    public ClientMessage decode(String text) {
        return new ClientMessage(text);
    }

    @Override
    public boolean willDecode(String text) {
        return true;
    }
}
