package dev.parley.clients;

import dev.parley.clients.ClientSocket.Received;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a WebSocket's own thread has received and the test has not looked at yet. */
public final class Inbox {
    private final BlockingQueue<Received> messages = new LinkedBlockingQueue<>();

    public void add(Received message) {
        messages.add(message);
    }

    public Received next() throws InterruptedException {
        Received message = messages.poll(ClientSocket.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (message == null) {
            throw new AssertionError("No message came within " + ClientSocket.PATIENCE);
        }
        return message;
    }
}
