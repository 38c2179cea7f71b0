package dev.parley.standalone;

import dev.parley.channel.Batch;
import dev.parley.connection.Transport;
import dev.parley.protocol.DisconnectCode;

/**
 * The usual way out, where an extension has a say in the frames. When the client was last heard of is known here all the
 * same.
 */
record ExtensionTransport(WebSocketWriter writer, Transport usual) implements Transport {
    @Override
    public void send(Batch batch, Completion done) {
        usual.send(batch, done);
    }

    @Override
    public void ping() {
        usual.ping();
    }

    @Override
    public long heardAt(long known) {
        return writer.heardAt(known);
    }

    @Override
    public void close(DisconnectCode code) {
        usual.close(code);
    }
}
