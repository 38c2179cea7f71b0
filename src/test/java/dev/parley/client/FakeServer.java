package dev.parley.client;

import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.WebSocketContainer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server, and the WebSocket client that leads to it, without a network: a test accepts each connection and says what
 * it hears and is told.
 */
final class FakeServer implements AutoCloseable {
    static final int PATIENCE_SECONDS = 20;

    private final BlockingQueue<FakeConnection> connections = new LinkedBlockingQueue<>();
    private final AtomicInteger refusing = new AtomicInteger();
    private final AtomicInteger hanging = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);
    private String subProtocol = WebSocketLink.SUB_PROTOCOL;

    WebSocketContainer container() {
        return (WebSocketContainer) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {WebSocketContainer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("connectToServer") && arguments[0] instanceof Endpoint endpoint) {
                        return connect(endpoint, (EndpointConfig) arguments[1]);
                    }
                    throw new UnsupportedOperationException(method.toString());
                });
    }

    /** The next handshakes fail. */
    void refuse(int times) {
        refusing.set(times);
    }

    /** The next handshakes are not answered. */
    void hang(int times) {
        hanging.set(times);
    }

    void speak(String otherSubProtocol) {
        subProtocol = otherSubProtocol;
    }

    /** The next connection. */
    FakeConnection accept() throws InterruptedException {
        FakeConnection connection = connections.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (connection == null) {
            throw new AssertionError("nobody connects");
        }
        return connection;
    }

    /** The next connection, which has been told that it is this guest's. */
    FakeConnection accept(String user) throws InterruptedException {
        FakeConnection connection = accept();
        connection.welcome(user);
        return connection;
    }

    /** Whether somebody else has connected. */
    boolean hasMore() {
        return !connections.isEmpty();
    }

    /** Handshakes that hang come to an end. */
    @Override
    public void close() {
        over.countDown();
    }

    private Object connect(Endpoint endpoint, EndpointConfig config) throws Exception {
        if (refusing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new DeploymentException("refused", new IOException("Connection refused"));
        }
        if (hanging.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            over.await();
            throw new DeploymentException("over");
        }
        FakeConnection connection = new FakeConnection(endpoint, subProtocol);
        endpoint.onOpen(connection.session(), config);
        connections.add(connection); // nobody ends it before it is open
        return connection.session();
    }
}
