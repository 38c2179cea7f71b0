package dev.parley.client;

import static org.awaitility.Awaitility.await;

import dev.parley.protocol.Body;
import dev.parley.protocol.Command;
import dev.parley.protocol.Member;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Reply;
import dev.parley.protocol.Start;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A client of a {@link FakeServer}, and what its tests say often. */
@Timeout(60)
class ClientFixture {
    static final String ROOM = "chat.lobby";
    static final ClientTimes QUICK = ClientTimes.DEFAULTS
            .withPauses(Duration.ofMillis(1), Duration.ofMillis(20))
            .withFlush(Duration.ofMillis(50));
    static final ClientOptions OPTIONS =
            ClientOptions.to(URI.create("ws://fake/channels")).withTimes(QUICK);

    final FakeServer server = new FakeServer();
    final Recorder state = new Recorder();
    final Recorder room = new Recorder();
    ParleyClient client;

    @AfterEach
    void stop() {
        server.close();
        if (client != null) {
            client.close();
        }
    }

    void start(ClientOptions options) {
        client = new ParleyClient(options, state, server.container());
    }

    void start() {
        start(OPTIONS);
    }

    /** The client reads the room from now on, on this connection, and begins at an offset. */
    void read(FakeConnection connection, long begin) throws InterruptedException {
        client.subscribe(Start.now(ROOM), room);
        started(connection, at(begin), true);
    }

    /** Answers the next subscribe. */
    static Start started(FakeConnection connection, Position position, boolean recovered) throws InterruptedException {
        Command.Subscribe subscribe = connection.find(Command.Subscribe.class);
        Start start = subscribe.starts().get(0);
        connection.say(new Reply.Subscribed(
                subscribe.id(),
                List.of(new Reply.Started(start.channel(), position, position, recovered, Optional.empty())),
                true));
        return start;
    }

    /** Answers the next publish, which is this one's. */
    static Command.Publish published(FakeConnection connection, long offset) throws InterruptedException {
        Command.Publish publish = connection.next(Command.Publish.class);
        connection.say(new Reply.Published(publish.id(), publish.channel(), at(offset)));
        return publish;
    }

    static Position at(long offset) {
        return new Position("k", offset);
    }

    static Message message(long offset) {
        return message(at(offset));
    }

    static Message message(Position position) {
        return new Message(
                ROOM, position, new Member("ann", Optional.empty()), Instant.EPOCH, new Body.Json("{\"n\":1}"));
    }

    static Message[] messages(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(ClientFixture::message)
                .toArray(Message[]::new);
    }

    static List<String> told(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(offset -> "message " + offset)
                .toList();
    }

    static String json(Command.Publish publish) {
        return ((Body.Json) publish.body()).text();
    }

    static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(FakeServer.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    static RefusedException failure(CompletionStage<?> stage) {
        return (RefusedException) stage.handle((value, failure) ->
                        failure instanceof CompletionException wrapped ? wrapped.getCause() : failure)
                .toCompletableFuture()
                .orTimeout(FakeServer.PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    static void eventually(org.awaitility.core.ThrowingRunnable check) {
        await().atMost(Duration.ofSeconds(FakeServer.PATIENCE_SECONDS)).untilAsserted(check);
    }
}
