package dev.parley.client;

import dev.parley.protocol.Bytes;

/** Takes what is to be sent, in order, and waits for nothing. */
interface MessageSink {
    void send(String text);

    void send(Bytes bytes);
}
