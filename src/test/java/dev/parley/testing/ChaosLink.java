package dev.parley.testing;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** One connection through a {@link ChaosProxy}: two sockets and a way each. Of the proxy's thread alone. */
final class ChaosLink {
    private final long number;
    private final SocketChannel client;
    private final SocketChannel server;
    private final Way up;
    private final Way down;
    private @Nullable ChaosFate fate;
    private ChaosFate.@Nullable Trouble trouble;
    private long troubleAt;
    private boolean ended;

    ChaosLink(long number, SocketChannel client, SocketChannel server, Selector selector) throws IOException {
        this.number = number;
        this.client = client;
        this.server = server;
        client.configureBlocking(false);
        server.configureBlocking(false);
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        server.setOption(StandardSocketOptions.TCP_NODELAY, true);
        SelectionKey clientKey = client.register(selector, 0, this);
        SelectionKey serverKey = server.register(selector, 0, this);
        up = new Way(clientKey, serverKey);
        down = new Way(serverKey, clientKey);
    }

    long number() {
        return number;
    }

    boolean isEnded() {
        return ended;
    }

    /** Carries, from now on with this fate. */
    void pass(@Nullable ChaosFate next) {
        long now = System.nanoTime();
        fate = next;
        up.relieve();
        down.relieve();
        draw(now);
    }

    void stallForGood() {
        fate = null;
        trouble = null;
        up.stallForGood();
        down.stallForGood();
    }

    void ready(SelectionKey key) {
        long now = System.nanoTime();
        move(up, now);
        move(down, now);
    }

    /** @return what befalls it now; the proxy ends it when it is an end */
    ChaosProxy.@Nullable Deed tick(long now) {
        ChaosFate.Trouble due = trouble;
        if (due != null && now - troubleAt >= 0) {
            draw(now + due.lasting());
            if (due.deed() == ChaosProxy.Deed.STALLED) {
                befall(due, now, Way.STALL);
            } else if (due.deed() == ChaosProxy.Deed.DELAYED) {
                befall(due, now, due.delay());
            }
            return due.deed();
        }
        move(up, now);
        move(down, now);
        return null;
    }

    void end(boolean reset) {
        ended = true;
        end(client, reset);
        end(server, reset);
    }

    private void befall(ChaosFate.Trouble due, long now, long delay) {
        if (due.up()) {
            up.trouble(now + due.lasting(), delay);
        }
        if (due.down()) {
            down.trouble(now + due.lasting(), delay);
        }
    }

    private void draw(long from) {
        ChaosFate current = fate;
        trouble = current == null ? null : current.next();
        troubleAt = trouble == null ? 0 : from + trouble.after();
    }

    private void move(Way way, long now) {
        if (ended) {
            return;
        }
        try {
            way.move(now);
            if (up.isOver() && down.isOver()) {
                end(false);
            }
        } catch (IOException e) {
            // one side has reset the connection: so does the other
            end(true);
        }
    }

    private static void end(SocketChannel socket, boolean reset) {
        try {
            if (reset) {
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (ClosedChannelException e) {
            return;
        } catch (IOException e) {
            // then it is closed without
        }
        ChaosProxy.quietly(socket);
    }

    /** From one socket to the other. */
    private static final class Way {
        /** As a delay: nothing is carried at all. */
        static final long STALL = Long.MAX_VALUE;

        private static final long FOR_GOOD = Long.MAX_VALUE;
        private static final int ROOM = 16 * 1024;

        private final SelectionKey from;
        private final SelectionKey to;
        private final ByteBuffer held = ByteBuffer.allocate(ROOM).limit(0);
        private boolean troubled;
        private long troubledUntil;
        private long delay;
        private long heldUntil;
        private boolean heldBack;
        private boolean atEnd;
        private boolean over;

        Way(SelectionKey from, SelectionKey to) {
            this.from = from;
            this.to = to;
        }

        boolean isOver() {
            return over;
        }

        void relieve() {
            troubled = false;
            heldBack = false;
            arm();
        }

        void stallForGood() {
            trouble(FOR_GOOD, STALL);
        }

        void trouble(long until, long by) {
            troubled = true;
            troubledUntil = until;
            delay = by;
            if (by == STALL) {
                want(from, SelectionKey.OP_READ, false);
                want(to, SelectionKey.OP_WRITE, false);
            }
        }

        void move(long now) throws IOException {
            if (troubled && troubledUntil != FOR_GOOD && now - troubledUntil >= 0) {
                relieve();
            }
            boolean stalled = troubled && delay == STALL;
            if (stalled || over) {
                return;
            }
            if (!held.hasRemaining() && !atEnd) {
                read(now);
            }
            if (heldBack && now - heldUntil < 0) {
                return;
            }
            heldBack = false;
            write();
        }

        private void read(long now) throws IOException {
            held.clear();
            int count = ((SocketChannel) from.channel()).read(held);
            held.flip();
            atEnd = count < 0;
            if (count > 0 && troubled) {
                heldBack = true;
                heldUntil = now + delay;
            }
        }

        private void write() throws IOException {
            SocketChannel out = (SocketChannel) to.channel();
            if (held.hasRemaining()) {
                out.write(held);
            }
            if (!held.hasRemaining() && atEnd) {
                over = true;
                out.shutdownOutput();
            }
            arm();
        }

        /** Asks to be called when there is more to read, or room to write. */
        private void arm() {
            want(from, SelectionKey.OP_READ, !held.hasRemaining() && !atEnd);
            want(to, SelectionKey.OP_WRITE, held.hasRemaining());
        }

        private static void want(SelectionKey key, int operation, boolean wanted) {
            if (key.isValid()) {
                key.interestOps(wanted ? key.interestOps() | operation : key.interestOps() & ~operation);
            }
        }
    }
}
