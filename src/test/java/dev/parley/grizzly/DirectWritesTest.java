package dev.parley.grizzly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.EmptyCompletionHandler;
import org.glassfish.grizzly.WriteResult;
import org.glassfish.grizzly.asyncqueue.WritableMessage;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainBuilder;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.filterchain.TransportFilter;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;
import org.glassfish.grizzly.nio.transport.TCPNIOTransportBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is written consists of numbers, one after the other: so the client sees whether something is missing, or too early. */
@Timeout(60)
class DirectWritesTest {
    /** More than the sockets of both sides hold. */
    private static final int MANY = 8 * 1024 * 1024;

    private final BlockingQueue<Connection<?>> accepted = new LinkedBlockingQueue<>();
    private final TCPNIOTransport transport =
            TCPNIOTransportBuilder.newInstance().build();
    private Socket client;
    private TCPNIOConnection connection;
    private DirectWrites writes;
    private int written;

    @BeforeEach
    void connect() throws Exception {
        transport.setProcessor(FilterChainBuilder.stateless()
                .add(new TransportFilter())
                .add(new Accepting())
                .build());
        InetSocketAddress address = (InetSocketAddress) transport
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .getLocalAddress();
        transport.start();
        client = new Socket(address.getAddress(), address.getPort());
        client.setSoTimeout(20_000);
        connection = (TCPNIOConnection) accepted.take();
        connection.configureBlocking(false);
        writes = new DirectWrites(connection);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        transport.shutdownNow();
    }

    @Test
    void what_the_socket_takes_has_gone_out_at_once() throws IOException {
        for (int i = 0; i < 100; i++) {
            ByteBuffer frames = numbers(10);
            assertThat(writes.enter(frames)).isTrue();
            assertThat(writes.write(frames)).isTrue();
        }
        assertThat(connection.getAsyncWriteQueue().isEmpty()).isTrue();
        expectNumbers();
    }

    @Test
    void what_the_socket_does_not_take_goes_out_in_its_turn() throws Exception {
        CompletableFuture<Void> much = send(numbers(MANY));
        CompletableFuture<Void> more = send(numbers(10));
        CompletableFuture<Void> ofGrizzly = sendByGrizzly(numbers(10));
        CompletableFuture<Void> last = send(numbers(10));
        assertThat(much).isNotDone();
        expectNumbers();
        CompletableFuture.allOf(much, more, ofGrizzly, last).get();
        await().until(() -> connection.getAsyncWriteQueue().isEmpty());
        assertThat(writes.enter(numbers(1))).isTrue();
    }

    @Test
    void what_lines_up_behind_a_write_goes_out_after_it() throws Exception {
        ByteBuffer first = numbers(10);
        assertThat(writes.enter(first)).isTrue();
        CompletableFuture<Void> behind = sendByGrizzly(numbers(10));
        CompletableFuture<Void> ours = send(numbers(10));
        assertThat(writes.write(first)).isTrue();
        expectNumbers();
        CompletableFuture.allOf(behind, ours).get();
    }

    @Test
    void the_rest_goes_out_before_what_has_lined_up_behind_it() throws Exception {
        ByteBuffer first = numbers(MANY);
        assertThat(writes.enter(first)).isTrue();
        CompletableFuture<Void> behind = sendByGrizzly(numbers(10));
        CompletableFuture<Void> ours = send(numbers(10));
        assertThat(writes.write(first)).isFalse();
        CompletableFuture<Void> told = new CompletableFuture<>();
        writes.queue(true, first, new Told(told));
        expectNumbers();
        CompletableFuture.allOf(told, behind, ours).get();
    }

    @Test
    void what_waits_fails_when_the_client_goes() throws IOException {
        CompletableFuture<Void> much = send(numbers(MANY));
        CompletableFuture<Void> behind = send(numbers(10));
        client.setSoLinger(true, 0);
        client.close();
        await().until(() -> much.isCompletedExceptionally() && behind.isCompletedExceptionally());
    }

    @Test
    void a_write_to_a_connection_that_has_just_ended_fails() {
        connection.terminateSilently();
        await().until(() -> !connection.isOpen());
        CompletableFuture<Void> late = send(numbers(10));
        await().until(late::isCompletedExceptionally);
    }

    @Test
    void a_write_that_the_connections_end_overtakes_fails() {
        ByteBuffer first = numbers(10);
        assertThat(writes.enter(first)).isTrue();
        connection.terminateSilently();
        await().until(() -> !connection.getChannel().isOpen());
        assertThat(writes.write(first)).isFalse();
        CompletableFuture<Void> told = new CompletableFuture<>();
        writes.queue(true, first, new Told(told));
        await().until(told::isCompletedExceptionally);
    }

    private ByteBuffer numbers(int count) {
        ByteBuffer buffer = ByteBuffer.allocate(count * Integer.BYTES);
        for (int i = 0; i < count; i++) {
            buffer.putInt(written++);
        }
        return buffer.flip();
    }

    private CompletableFuture<Void> send(ByteBuffer frames) {
        CompletableFuture<Void> told = new CompletableFuture<>();
        boolean first = writes.enter(frames);
        if (first && writes.write(frames)) {
            told.complete(null);
        } else {
            writes.queue(first, frames, new Told(told));
        }
        return told;
    }

    private CompletableFuture<Void> sendByGrizzly(ByteBuffer frames) {
        CompletableFuture<Void> told = new CompletableFuture<>();
        transport
                .getAsyncQueueIO()
                .getWriter()
                .write(connection, Buffers.wrap(transport.getMemoryManager(), frames), new Told(told));
        return told;
    }

    private void expectNumbers() throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        byte[] block = new byte[Integer.BYTES * 1024];
        for (int read = 0; read < written; ) {
            int count = Math.min(1024, written - read);
            in.readFully(block, 0, count * Integer.BYTES);
            ByteBuffer numbers = ByteBuffer.wrap(block);
            for (int i = 0; i < count; i++, read++) {
                if (numbers.getInt() != read) {
                    throw new AssertionError("Not " + read + ", which was due");
                }
            }
        }
    }

    private final class Accepting extends BaseFilter {
        @Override
        public NextAction handleAccept(FilterChainContext context) {
            accepted.add(context.getConnection());
            return context.getInvokeAction();
        }
    }

    private static final class Told extends EmptyCompletionHandler<WriteResult<WritableMessage, SocketAddress>> {
        private final CompletableFuture<Void> told;

        private Told(CompletableFuture<Void> told) {
            this.told = told;
        }

        @Override
        public void completed(WriteResult<WritableMessage, SocketAddress> result) {
            told.complete(null);
        }

        @Override
        public void failed(Throwable cause) {
            told.completeExceptionally(cause);
        }
    }
}
