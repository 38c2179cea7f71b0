package dev.parley.client;

import dev.parley.protocol.Command;
import dev.parley.protocol.FromServer;
import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import dev.parley.wire.CommandReader;
import dev.parley.wire.Incoming;
import dev.parley.wire.WireWriter;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Endpoint;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The server's end of one connection of {@link FakeServer}. */
final class FakeConnection {
    private final Endpoint endpoint;
    private final String subProtocol;
    private final Session session;
    private final BlockingQueue<Command> heard = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile MessageHandler.Whole<String> texts;
    private volatile boolean broken;

    FakeConnection(Endpoint endpoint, String subProtocol) {
        this.endpoint = endpoint;
        this.subProtocol = subProtocol;
        this.session = proxy(Session.class, this::session);
    }

    Session session() {
        return session;
    }

    /** What the client says next. */
    Command next() throws InterruptedException {
        Command command = heard.poll(FakeServer.PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (command == null) {
            throw new AssertionError("the client says nothing");
        }
        return command;
    }

    /** What the client says next, which is one of these. */
    <C extends Command> C next(Class<C> kind) throws InterruptedException {
        return kind.cast(next());
    }

    /** The next of these, whatever the client says before. */
    <C extends Command> C find(Class<C> kind) throws InterruptedException {
        Command command = next();
        while (!kind.isInstance(command)) {
            command = next();
        }
        return kind.cast(command);
    }

    boolean hasHeardMore() {
        return !heard.isEmpty();
    }

    Command.Connect welcome(String user) throws InterruptedException {
        return welcome(user, Optional.empty());
    }

    Command.Connect welcome(String user, Optional<Instant> expires) throws InterruptedException {
        Command.Connect connect = next(Command.Connect.class);
        say(new Reply.Connected(connect.id(), "c1", user, Optional.of("secret-of-" + user), expires));
        return connect;
    }

    /** Each as a line of one message. */
    void say(FromServer... words) {
        StringBuilder lines = new StringBuilder();
        for (FromServer word : words) {
            lines.append(lines.length() == 0 ? "" : "\n")
                    .append(word instanceof Reply reply ? WireWriter.write(reply) : WireWriter.write((Push) word));
        }
        hear(lines.toString());
    }

    /** Whatever it is. */
    void hear(String text) {
        texts.onMessage(text);
    }

    /** The connection ends, as the client is told. */
    void end(int code) {
        endpoint.onClose(session, new CloseReason(CloseCodes.getCloseCode(code), ""));
    }

    /** Nothing that the client sends arrives any more, and it is told so. */
    void breakSending() {
        broken = true;
    }

    void awaitClosed() throws InterruptedException {
        if (!closed.await(FakeServer.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the client does not close");
        }
    }

    @SuppressWarnings("unchecked")
    private Object session(Object proxy, Method method, Object[] arguments) {
        switch (method.getName()) {
            case "addMessageHandler" -> {
                if (arguments[0] == String.class) {
                    texts = (MessageHandler.Whole<String>) arguments[1];
                }
                return null;
            }
            case "getNegotiatedSubprotocol" -> {
                return subProtocol;
            }
            case "getAsyncRemote" -> {
                return proxy(RemoteEndpoint.Async.class, this::send);
            }
            case "close" -> {
                closed.countDown();
                return null;
            }
            case "hashCode" -> {
                return System.identityHashCode(this);
            }
            default -> {
                return null;
            }
        }
    }

    private Object send(Object proxy, Method method, Object[] arguments) {
        SendHandler handler = (SendHandler) arguments[1];
        if (broken) {
            handler.onResult(new SendResult(session, new IOException("Broken pipe")));
            return null;
        }
        Iterable<Incoming> read = arguments[0] instanceof String text
                ? CommandReader.read(text)
                : List.of(CommandReader.read((ByteBuffer) arguments[0]));
        read.forEach(incoming -> heard.add(((Incoming.Accepted) incoming).command()));
        handler.onResult(new SendResult(session));
        return null;
    }

    private static <T> T proxy(Class<T> kind, InvocationHandler handler) {
        return kind.cast(Proxy.newProxyInstance(FakeConnection.class.getClassLoader(), new Class<?>[] {kind}, handler));
    }
}
