package dev.parley.grizzly;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.util.function.Consumer;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.nio.NIOConnection;
import org.glassfish.grizzly.nio.NIOTransport;
import org.glassfish.grizzly.nio.SelectorHandler;

/**
 * Reads from a connection while its request waits for an answer, which Grizzly does not: so it is seen at once when the
 * client goes. A client that sends a further request meanwhile is heard no more; its connection ends with the answer, and
 * it asks again on another, as HTTP wants it (RFC 9112 section 9.3.2).
 */
final class DisconnectWatch {
    private static final Attribute<DisconnectWatch> WATCH =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute(DisconnectWatch.class.getName());

    private final NIOConnection connection;

    private DisconnectWatch(NIOConnection connection) {
        this.connection = connection;
    }

    /** Of a connection whose request has been read and is not answered. */
    static DisconnectWatch begin(Connection<?> connection) {
        DisconnectWatch watch = new DisconnectWatch((NIOConnection) connection);
        WATCH.set(connection, watch);
        watch.read();
        return watch;
    }

    private void read() {
        try {
            connection.enableIOEvent(IOEvent.READ);
        } catch (IOException e) {
            connection.closeSilently();
        }
    }

    /**
     * Reads no longer. That can only be known on the thread that finds out that there is something to read: it is done
     * there.
     *
     * @param then is told, once nothing more is read, whether the client has sent nothing; else the connection must end
     *     with the answer
     */
    void end(Consumer<Boolean> then) {
        SelectorHandler selector = ((NIOTransport) connection.getTransport()).getSelectorHandler();
        selector.execute(
                connection.getSelectorRunner(),
                () -> {
                    then.accept(isQuiet());
                    return true;
                },
                null);
    }

    /** When somebody is just reading, that is known by the interest he has taken away. */
    private boolean isQuiet() {
        SelectionKey key = connection.getSelectionKey();
        if (!key.isValid() || (key.interestOps() & SelectionKey.OP_READ) == 0) {
            return false;
        }
        try {
            connection.disableIOEvent(IOEvent.READ);
        } catch (IOException e) {
            return false;
        }
        WATCH.remove(connection);
        return true;
    }

    /** Stands before what reads HTTP. */
    static final class Filter extends BaseFilter {
        @Override
        public NextAction handleRead(FilterChainContext ctx) throws IOException {
            if (WATCH.get(ctx.getConnection()) == null) {
                return ctx.getInvokeAction();
            }
            Buffer unread = ctx.getMessage();
            unread.tryDispose();
            // Ended in this way the context does not begin to read again
            ctx.suspend();
            NextAction action = ctx.getSuspendAction();
            ctx.completeAndRecycle();
            return action;
        }
    }
}
