package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Command;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import dev.parley.protocol.Start;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the client comes back and when it does not, with which token, and what it tells of that. */
class ConnectingTest extends ClientFixture {
    private final Queue<String> tokens = new ConcurrentLinkedQueue<>(List.of("t1", "t2", "t3", "t4"));

    @Test
    void it_comes_back_after_handshakes_that_failed() throws Exception {
        server.refuse(3);
        start(OPTIONS.named("Ann").withSecret("s"));
        Command.Connect connect = server.accept().welcome("ann");
        assertThat(connect.name()).contains("Ann");
        assertThat(connect.secret()).contains("s");
        eventually(() -> assertThat(state.told())
                .containsExactly(
                        "connecting",
                        "interrupted Connection refused",
                        "connecting",
                        "interrupted Connection refused",
                        "connecting",
                        "interrupted Connection refused",
                        "connecting",
                        "open ann"));
    }

    @Test
    void a_handshake_that_hangs_is_given_up() throws Exception {
        server.hang(1);
        start(OPTIONS.withTimes(QUICK.withConnect(Duration.ofSeconds(5))));
        server.accept("ann");
        eventually(() -> assertThat(state.told("open")).hasSize(1));
        assertThat(state.told("interrupted"))
                .isNotEmpty()
                .containsOnly("interrupted There was no connection within 5000 ms (ClientTimes.connect).");
    }

    @Test
    void a_server_that_does_not_answer_connect_is_given_up() throws Exception {
        start(OPTIONS.withTimes(QUICK.withConnect(Duration.ofSeconds(2))));
        FakeConnection first = server.accept();
        first.awaitClosed();
        server.accept("ann");
        eventually(() -> assertThat(state.told("open")).containsExactly("open ann"));
        assertThat(state.told("interrupted"))
                .isNotEmpty()
                .containsOnly("interrupted There was no connection within 2000 ms (ClientTimes.connect).");
    }

    @Test
    void another_protocol_is_told_and_tried_again() throws Exception {
        server.speak("chat");
        start();
        server.accept().awaitClosed();
        FakeConnection again = server.accept();
        again.awaitClosed();
        assertThat(again.hasHeardMore()).isFalse();
        eventually(() -> assertThat(state.told("interrupted"))
                .startsWith("interrupted There is a WebSocket at this address, but it does not speak v1.parley."));
    }

    @ParameterizedTest
    @ValueSource(ints = {1001, 1006, 1008, 1011, 1012, 1013, 4000, 4002, 4003, 4004, 4005, 4050, 4099, 4200})
    void it_comes_back_from(int code) throws Exception {
        start();
        server.accept("ann").end(code);
        server.accept("ann");
        eventually(() -> assertThat(state.told())
                .containsExactly(
                        "connecting",
                        "open ann",
                        "interrupted " + CloseCodes.describe(code, ""),
                        "connecting",
                        "open ann"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1002, 1003, 1009, 4001, 4100, 4101, 4102, 4103, 4104, 4199})
    void it_does_not_come_back_from(int code) throws Exception {
        start();
        CompletionStage<Position> stage = client.publishJson("waits", "1");
        FakeConnection connection = server.accept();
        connection.end(code);
        assertThat(failure(stage).reason())
                .startsWith("This was not sent, since the client is closed (" + CloseCodes.name(code) + "): ");
        eventually(() -> assertThat(state.told("closed")).hasSize(1));
        assertThat(state.told("connecting")).hasSizeLessThan(2); // none where the end has come before it was told
        assertThat(state.told("interrupted")).isEmpty();
        assertThat(state.told()).last().asString().startsWith("closed " + CloseCodes.name(code) + ": ");
        client.close();
        assertThat(server.hasMore()).isFalse();
    }

    @Test
    void the_servers_last_word_decides_before_the_close_does() throws Exception {
        start();
        server.accept("ann").say(new Push.Disconnect(DisconnectCode.RESTART));
        FakeConnection second = server.accept("ann");
        eventually(() -> assertThat(state.told("interrupted"))
                .containsExactly("interrupted restart: " + DisconnectCode.RESTART.sentence()));
        second.say(new Push.Disconnect(DisconnectCode.REVOKED));
        second.end(1006);
        second.awaitClosed();
        eventually(() -> assertThat(state.told("closed")).hasSize(1));
        assertThat(state.told("closed")).containsExactly("closed revoked: " + DisconnectCode.REVOKED.sentence());
    }

    @Test
    void a_silent_server_is_asked_for_a_word_and_then_given_up() throws Exception {
        start(OPTIONS.withTimes(QUICK.withPing(Duration.ofMillis(100))));
        FakeConnection first = server.accept("ann");
        first.next(Command.Ping.class);
        first.awaitClosed();
        server.accept("ann");
        eventually(() -> assertThat(state.told("interrupted")).contains("interrupted The server is silent."));
    }

    @Test
    void who_is_turned_away_for_good_is_told_why() throws Exception {
        start(OPTIONS.named("Ann"));
        CompletionStage<Position> before = client.publishJson("waits", "1");
        refuse(server.accept(), ErrorCode.BAD_CREDENTIALS);
        eventually(() -> assertThat(state.told("closed")).containsExactly("closed bad-credentials: because"));
        for (CompletionStage<Position> unsent : List.of(before, client.publishJson("waits", "2"))) {
            assertThat(failure(unsent).code()).isEqualTo(ErrorCode.BAD_CREDENTIALS);
            assertThat(failure(unsent).reason())
                    .isEqualTo("This was not sent, since the client is closed (bad-credentials): because");
        }
    }

    @Test
    void who_is_turned_away_for_now_comes_back() throws Exception {
        start();
        refuse(server.accept(), ErrorCode.UNKNOWN_KEY);
        server.accept("ann");
        eventually(() -> assertThat(state.told())
                .containsExactly("connecting", "interrupted because", "connecting", "open ann"));
    }

    @Test
    void each_connection_has_a_token_of_its_own() throws Exception {
        start(OPTIONS.withToken(tokens::poll));
        FakeConnection first = server.accept();
        assertThat(first.welcome("ann").token()).contains("t1");
        first.end(1006);
        assertThat(server.accept().welcome("ann").token()).contains("t2");
    }

    @Test
    void a_source_that_fails_is_asked_again() throws Exception {
        Queue<CompletionStage<String>> answers = new ArrayDeque<>(List.of(
                CompletableFuture.failedFuture(new IllegalStateException("as the test wants it")),
                CompletableFuture.completedFuture("t1")));
        start(OPTIONS.withTokens(answers::remove));
        assertThat(server.accept().welcome("ann").token()).contains("t1");
        eventually(() -> assertThat(state.told("interrupted"))
                .containsExactly("interrupted The source of tokens failed:"
                        + " java.lang.IllegalStateException: as the test wants it"));
    }

    @Test
    void a_source_that_hangs_holds_up_nothing_but_the_connection() {
        start(OPTIONS.withTokens(CompletableFuture::new).withTimes(QUICK.withConnect(Duration.ofMillis(20))));
        eventually(() -> assertThat(state.told("interrupted")).hasSizeGreaterThan(1));
        client.close();
        eventually(() -> assertThat(state.told()).endsWith("closed closed: The client was closed."));
    }

    @Test
    void an_expired_token_is_replaced() throws Exception {
        start(OPTIONS.withToken(tokens::poll));
        refuse(server.accept(), ErrorCode.TOKEN_EXPIRED);
        FakeConnection second = server.accept();
        assertThat(second.welcome("ann").token()).contains("t2");
        second.say(new Push.Disconnect(DisconnectCode.TOKEN_EXPIRED));
        assertThat(server.accept().welcome("ann").token()).contains("t3");
    }

    @Test
    void a_source_that_has_only_the_expired_token_ends_the_client() throws Exception {
        start(OPTIONS.withToken(() -> "t1"));
        refuse(server.accept(), ErrorCode.TOKEN_EXPIRED);
        eventually(() -> assertThat(state.told("closed"))
                .containsExactly("closed token-expired: The source of tokens gives the one that has expired."));
    }

    @Test
    void without_a_source_an_expired_token_is_the_end() throws Exception {
        start();
        server.accept("ann").say(new Push.Disconnect(DisconnectCode.TOKEN_EXPIRED));
        eventually(() -> assertThat(state.told("closed"))
                .containsExactly("closed token-expired: The token has expired, and there is no source of tokens."));
    }

    @Test
    void a_fresh_token_is_brought_before_the_old_one_expires() throws Exception {
        start(OPTIONS.withToken(tokens::poll));
        FakeConnection connection = server.accept();
        connection.welcome("ann", Optional.of(Instant.now().plusSeconds(2)));
        Command.Refresh refresh = connection.next(Command.Refresh.class);
        assertThat(refresh.token()).isEqualTo("t2");
        connection.say(
                new Reply.Refreshed(refresh.id(), Optional.of(Instant.now().plusSeconds(2))));
        Command.Refresh again = connection.next(Command.Refresh.class);
        assertThat(again.token()).isEqualTo("t3");
        connection.say(new Reply.Failed(OptionalLong.of(again.id()), ErrorCode.UNAVAILABLE, ""));
        assertThat(connection.next(Command.Refresh.class).token()).isEqualTo("t4");
        assertThat(state.told("interrupted")).isEmpty();
    }

    @Test
    void closing_is_told_last_and_can_be_done_by_a_listener() throws Exception {
        start();
        FakeConnection connection = server.accept("ann");
        client.subscribe(Start.now(ROOM), message -> client.close());
        started(connection, at(0), true);
        connection.say(messages(1, 3));
        connection.awaitClosed();
        eventually(() -> assertThat(state.told())
                .containsExactly("connecting", "open ann", "closed closed: The client was closed."));
        client.close();
    }

    @Test
    void its_threads_end_with_it() throws Exception {
        Queue<Thread> threads = new ConcurrentLinkedQueue<>();
        start(OPTIONS.withThreads(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            threads.add(thread);
            return thread;
        }));
        FakeConnection connection = server.accept("ann");
        CompletionStage<Position> stage = client.publishJson(ROOM, "1");
        published(connection, 1);
        get(stage);
        client.close();
        assertThat(threads).hasSizeGreaterThan(2);
        for (Thread thread : threads) {
            thread.join(FakeServer.PATIENCE_SECONDS * 1_000L);
            assertThat(thread.isAlive()).isFalse();
        }
    }

    private static void refuse(FakeConnection connection, ErrorCode code) throws InterruptedException {
        Command.Connect connect = connection.next(Command.Connect.class);
        connection.say(new Reply.Failed(OptionalLong.of(connect.id()), code, "because"));
    }
}
