package dev.parley.frames;

import dev.parley.api.Identity;
import dev.parley.protocol.DisconnectCode;
import dev.parley.security.Holder;
import dev.parley.websocket.ChannelEndpoint;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.glassfish.tyrus.container.grizzly.client.TaskProcessor;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection that has become a WebSocket: what comes in goes to the endpoint's session once it is read and checked.
 *
 * <p>Tyrus by itself closes the TCP connection right after it has written its close frame. A client that is still
 * sending, say the rest of a message that was too large, is then reset, and never reads why. So here the connection
 * stays until the client's own close frame has come, as RFC 6455 section 7.1.1 has it; the filter ends it when none
 * comes. Bytes that come meanwhile are dropped.
 *
 * <p>A client that sends pings and does not read is owed one answer and not all of them: while a pong is on the way, of
 * further pings only the newest is remembered (section 5.5.3).
 *
 * <p>Bytes are taken one buffer after the other, whatever thread brings them. A team's endpoint is told of what comes on
 * threads on which it may wait, by {@link EndpointTurns}: whoever reads waits for nothing. How it takes its messages, whole
 * or in parts, is known when its session is open: until then nothing is read.
 */
public final class WebSocketConnection implements FrameReader.Receiver {
    private static final System.Logger LOGGER = System.getLogger(WebSocketConnection.class.getName());

    private final FrameOutput output;
    private final UnfinishedMessages.OfConnection unfinished;
    private final FrameReader reader;
    private final UnreadBytes unread = new UnreadBytes();
    private final ReadTurns reads = new ReadTurns();
    private final EndpointServices services;
    private final EndpointSends sends;
    private final WebSocketWriter writer;
    private final EndpointTurns turns;
    private final SessionTimers timers;
    private final TaskProcessor tasks = new TaskProcessor();

    /** Null until its {@code @OnOpen} has returned. */
    private volatile @Nullable EndpointSession session;

    private volatile boolean opening = true;

    /** Of the message that is being read. */
    private volatile boolean inParts;

    private boolean lost;
    private byte @Nullable [] unanswered;

    /** Opens the endpoint's session: its {@code @OnOpen} runs in here where the endpoint never waits, else soon. */
    WebSocketConnection(
            FrameOutput output,
            EndpointEngine.Upgrade upgrade,
            FrameReader.Bounds bounds,
            UnfinishedMessages.OfConnection unfinished,
            EndpointServices services,
            Runnable whenDone) {
        Class<?> endpoint = upgrade.endpointClass();
        this.output = output;
        this.unfinished = unfinished;
        this.services = services;
        this.reader = new FrameReader(bounds, unfinished, this);
        this.sends = new EndpointSends(output, unfinished, services, this::whenSlow);
        this.writer = new WebSocketWriter(output, sends, bounds.compressed(), whenDone, () -> run(this::answer));
        this.turns = new EndpointTurns(endpoint, services, unfinished, this::whenOverloaded, this::readOn);
        this.timers = endpoint == ChannelEndpoint.class
                ? SessionTimers.NONE
                : SessionTimers.of(services, turns, new Watched());
        unfinished.whenOver(code -> run(() -> reader.refuse(code)));
        unfinished.readWithPauses(turns::pauses);
        turns.event(() -> open(upgrade));
        timers.watchPeer();
    }

    private void open(EndpointEngine.Upgrade upgrade) {
        FrameTransport.Ends ends = new FrameTransport.Ends(writer, reads, new Owned());
        EndpointSession.Ends session = new EndpointSession.Ends(writer, reason -> output.close(), turns);
        try {
            this.session = FrameTransport.opening(ends, () -> timers.opening(() -> upgrade.open(session)));
        } catch (RuntimeException e) {
            output.close();
            throw e;
        } finally {
            opening = false;
            if (turns.areOfItsOwn()) {
                readOn();
            }
        }
    }

    /** What a transport tells of it. */
    private final class Owned implements FrameTransport.Owner {
        @Override
        public void identified(Identity identity) {
            unfinished.belongsTo(identity);
            turns.belongsTo(unfinished.holder());
            sends.belongsTo(unfinished.holder());
            timers.endWatch();
        }

        @Override
        public long heardAt(long known) {
            return isUnheard() ? System.nanoTime() : reads.heardAt(known);
        }
    }

    private final class Watched implements PeerWatch.Peer {
        @Override
        public long heardAt() {
            return isUnheard() ? System.nanoTime() : reads.heardAt();
        }

        @Override
        public boolean hasBackedUpSince(long time) {
            return sends.hasBackedUpSince(time);
        }

        @Override
        public boolean ping() {
            EndpointSession open = session;
            if (open != null) {
                open.askForLife();
            }
            return open != null;
        }

        @Override
        public void silent() {
            handOn(() -> giveUp(DisconnectCode.SILENT));
        }
    }

    /** Whether nobody reads what the client sends, if it does. */
    private boolean isUnheard() {
        return isHeldUp() || isHeld();
    }

    /** Whether what comes may be taken on a thread that serves other sockets too: nothing waits over it. */
    public boolean neverWaits() {
        return turns.neverWait();
    }

    /** Whether as much waits for the endpoint as may: then nothing is to be read. */
    public boolean isHeldUp() {
        return turns.isFull();
    }

    /** Keeps what makes the socket be read again, until the endpoint has caught up; false where it may be read now. */
    public boolean isReadLater(Runnable readAgain) {
        return turns.isReadLater(readAgain);
    }

    /** What its next bytes are of, as far as is known. */
    public FrameReader.Share share() {
        return reader.share();
    }

    /** Whose share of what all clients have together its bytes are. */
    public Holder holder() {
        return unfinished.holder();
    }

    /**
     * Takes what the client sent; perhaps later, when the endpoint has taken what came before.
     *
     * @param whenRead is told when the buffer is needed no more and more may come, on whatever thread
     */
    public void received(ByteBuffer bytes, Runnable whenRead) {
        run(() -> {
            unread.add(bytes, whenRead);
            read();
        });
    }

    /** The endpoint can take more, perhaps. Told on a thread which that needs for itself. */
    private void readOn() {
        try {
            services.workers().execute(() -> run(this::read));
        } catch (RejectedExecutionException e) { // the server stops, and who has been told so may still be read
            run(this::read);
        }
    }

    private void read() {
        if (!unread.read(this::read, this::isHeld)) {
            return;
        }
        if (lost && unread.isEmpty()) {
            lost = false;
            drop();
        } else if (isOver()) {
            end();
        }
    }

    private void read(ByteBuffer bytes) {
        reads.reading(() -> reader.read(bytes));
        if (inParts) { // a small one may come to much when it is compressed
            boolean unused = turns.isReadLater(this::readOn);
        }
    }

    /** Says farewell with this code, unless somebody has already. */
    public void close(DisconnectCode code) {
        run(() -> turns.event(() -> opened(open -> open.close(code))));
    }

    /** The TCP connection is gone; the endpoint hears of it after all that came before. */
    public void lost() {
        run(() -> {
            timers.end();
            lost = true;
            read();
        });
    }

    private void drop() {
        reader.drop();
        turns.event(() -> {
            opened(EndpointSession::lost);
            turns.ended();
            sends.ended();
        });
    }

    /** Whether both sides have said that they are done. */
    public boolean isOver() {
        return writer.isDone() && reader.closeSeen();
    }

    /** Nothing is written any more, but perhaps not all of it has gone out. */
    public void end() {
        output.close();
    }

    @Override
    public Intake intake(boolean text) {
        EndpointSession open = session;
        Intake intake = open == null ? Intake.WHOLE : open.intake().of(text);
        inParts = intake.inParts();
        return intake;
    }

    @Override
    public boolean isHeld() {
        EndpointSession open = session;
        return open == null ? opening : open.intake().isHeld() || (inParts && turns.isFull());
    }

    @Override
    public boolean isAwaiting() {
        EndpointSession open = session;
        return open != null && open.intake().isAwaiting();
    }

    @Override
    public void textPart(String part, boolean last) {
        timers.touch(); // of a stream Tyrus hears nothing
        opened(open -> open.intake().part(part, last));
    }

    @Override
    public void binaryPart(byte[] part, boolean last) {
        timers.touch();
        opened(open -> open.intake().part(part, last));
    }

    @Override
    public void dropped() {
        opened(open -> open.intake().cut());
    }

    @Override
    public void text(String text) {
        tell(text.length(), open -> open.text(text));
    }

    @Override
    public void binary(byte[] bytes) {
        tell(bytes.length, open -> open.binary(bytes));
    }

    @Override
    public void ping(byte[] data) {
        reads.sendNow();
        if (writer.isPongUnderWay()) {
            unanswered = data;
        } else if (!turns.areOfItsOwn()) {
            tell(data.length, open -> open.ping(data));
        } else {
            timers.touch();
            opened(open -> open.pingBeside(data));
        }
    }

    @Override
    public void pong(byte[] data) {
        tell(data.length, open -> open.pong(data));
    }

    @Override
    public void closed(OptionalInt code, String reason) {
        reads.sendNow();
        turns.event(() -> opened(open -> open.closed(code, reason)));
    }

    @Override
    public void violated(DisconnectCode code) {
        reads.sendNow();
        turns.event(() -> opened(open -> open.close(code)));
    }

    /** The endpoint is told of a message, in its turn. */
    private void tell(int bytes, Consumer<EndpointSession> what) {
        turns.message(bytes, () -> opened(what));
    }

    private void opened(Consumer<EndpointSession> what) {
        EndpointSession open = session;
        if (open != null) {
            what.accept(open);
        }
    }

    /** Told on whatever thread, perhaps with a lock. */
    private void whenSlow() {
        handOn(() -> giveUp(DisconnectCode.SLOW));
    }

    /** Told on whatever thread, perhaps with a lock. */
    private void whenOverloaded() {
        handOn(() -> run(() -> {
            dropMessages();
            reader.refuse(DisconnectCode.OVERLOADED);
        }));
    }

    /** Those that wait, whole or as they come. */
    private void dropMessages() {
        turns.dropMessages();
        opened(open -> open.intake().drop());
    }

    private void handOn(Runnable action) {
        try {
            services.workers().execute(action);
        } catch (RejectedExecutionException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "The server stops, and ends all of them", e);
        }
    }

    /** Says farewell though the client takes nothing, and though the endpoint waits: for just that, perhaps. */
    private void giveUp(DisconnectCode code) {
        dropMessages();
        if (writer.giveUp(code)) {
            run(reader::drop);
            close(code);
        }
    }

    private void answer() {
        byte[] data = unanswered;
        unanswered = null;
        if (data != null) {
            ping(data);
        }
    }

    private void run(Runnable action) {
        tasks.processTask(new TaskProcessor.Task() {
            @Override
            public void execute() {
                action.run();
            }
        });
    }
}
