package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.Command;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Reply;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is published is stored once and in order, or its future says why not. */
class ClientPublishingTest extends ClientFixture {

    @Test
    void the_position_comes_when_the_server_has_committed() throws Exception {
        start();
        CompletionStage<Position> stage = client.publishText(ROOM, "hi \"there\"");
        FakeConnection connection = server.accept("ann");
        Command.Publish publish = published(connection, 7);
        assertThat(json(publish)).isEqualTo("\"hi \\\"there\\\"\"");
        assertThat(publish.key()).isPresent();
        assertThat(get(stage)).isEqualTo(at(7));
    }

    @Test
    void one_whose_reply_was_lost_is_sent_again_with_its_key() throws Exception {
        start();
        CompletionStage<Position> stage = client.publishJson(ROOM, "1");
        FakeConnection first = server.accept("ann");
        Command.Publish lost = first.next(Command.Publish.class);
        first.end(1006);

        Command.Publish again = published(server.accept("ann"), 7);
        assertThat(again.key()).isEqualTo(lost.key());
        assertThat(json(again)).isEqualTo("1");
        assertThat(get(stage)).isEqualTo(at(7));
    }

    @Test
    void one_that_could_not_be_sent_is_sent_on_the_next_connection() throws Exception {
        start();
        FakeConnection first = server.accept("ann");
        eventually(() -> assertThat(state.told("open")).hasSize(1));
        first.breakSending();
        CompletionStage<Position> stage = client.publishJson(ROOM, "1");
        assertThat(json(published(server.accept("ann"), 7))).isEqualTo("1");
        assertThat(get(stage)).isEqualTo(at(7));
        assertThat(first.hasHeardMore()).isFalse();
        eventually(() -> assertThat(state.told("interrupted")).containsExactly("interrupted A send has failed."));
    }

    @ParameterizedTest
    @EnumSource(names = {"UNAVAILABLE", "TOO_MANY_COMMANDS", "TOO_MANY_PUBLISHES", "INTERNAL"})
    void one_that_is_refused_for_now_is_not_overtaken_by_the_next_of_its_channel(ErrorCode code) throws Exception {
        start();
        List<Integer> done = Collections.synchronizedList(new ArrayList<>());
        client.publishJson(ROOM, "1").thenAccept(position -> done.add(1));
        CompletionStage<Void> second = client.publishJson(ROOM, "2").thenAccept(position -> done.add(2));
        FakeConnection connection = server.accept("ann");
        for (int i = 0; i < 3; i++) {
            Command.Publish publish = connection.next(Command.Publish.class);
            assertThat(json(publish)).isEqualTo("1");
            refuse(connection, publish, code);
        }
        assertThat(json(published(connection, 7))).isEqualTo("1");
        assertThat(json(published(connection, 8))).isEqualTo("2");
        get(second);
        assertThat(done).containsExactly(1, 2);
    }

    @Test
    void channels_do_not_wait_for_each_other() throws Exception {
        start();
        client.publishJson("a", "1");
        client.publishJson("a", "2");
        CompletionStage<Position> other = client.publishJson("b", "3");
        FakeConnection connection = server.accept("ann");
        assertThat(json(connection.next(Command.Publish.class))).isEqualTo("1");
        assertThat(json(published(connection, 1))).isEqualTo("3");
        get(other);
    }

    @Test
    void who_allows_more_at_once_is_given_the_speed_and_keeps_the_order_of_sending_again() throws Exception {
        start(OPTIONS.withLimits(ClientLimits.DEFAULTS.withPublishesAtOnce(3)));
        for (int i = 1; i <= 4; i++) {
            client.publishJson(ROOM, Integer.toString(i));
        }
        FakeConnection first = server.accept("ann");
        for (int i = 1; i <= 3; i++) {
            assertThat(json(first.next(Command.Publish.class))).isEqualTo(Integer.toString(i));
        }
        first.end(1006);
        FakeConnection second = server.accept("ann");
        for (int i = 1; i <= 4; i++) {
            assertThat(json(published(second, i))).isEqualTo(Integer.toString(i));
        }
    }

    @Test
    void nothing_is_published_before_the_server_has_said_who_this_is() throws Exception {
        start();
        client.publishJson(ROOM, "1");
        FakeConnection first = server.accept();
        assertThat(first.next(Command.Connect.class).secret()).isEmpty();
        first.end(1006); // the reply, and the secret in it, never came

        FakeConnection second = server.accept("ann");
        assertThat(first.hasHeardMore()).isFalse();
        published(second, 1);
        second.end(1006);
        assertThat(server.accept().next(Command.Connect.class).secret()).contains("secret-of-ann");
    }

    @Test
    void what_another_user_may_have_stored_is_not_stored_twice() throws Exception {
        start();
        CompletionStage<Position> sent = client.publishJson(ROOM, "1");
        CompletionStage<Position> waiting = client.publishJson(ROOM, "2");
        FakeConnection first = server.accept("ann");
        first.next(Command.Publish.class);
        first.end(1006);

        FakeConnection second = server.accept("bob");
        assertThat(json(published(second, 1))).isEqualTo("2");
        get(waiting);
        assertThat(failure(sent).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure(sent).reason())
                .isEqualTo("The client is another user now; whether this was stored before, nobody can tell.");
    }

    @Test
    void what_is_refused_for_good_fails_with_the_servers_code_and_the_next_goes_on() throws Exception {
        start();
        CompletionStage<Position> bad = client.publishJson(ROOM, "1");
        CompletionStage<Position> good = client.publishJson(ROOM, "2");
        FakeConnection connection = server.accept("ann");
        refuse(connection, connection.next(Command.Publish.class), ErrorCode.REJECTED);
        published(connection, 1);
        assertThat(failure(bad).code()).isEqualTo(ErrorCode.REJECTED);
        assertThat(failure(bad).reason()).isEqualTo("because");
        assertThat(get(good)).isEqualTo(at(1));
    }

    @Test
    void a_message_that_the_server_fails_over_again_and_again_does_not_stop_the_channel() throws Exception {
        start();
        CompletionStage<Position> poison = client.publishJson(ROOM, "1");
        client.publishJson(ROOM, "2");
        FakeConnection connection = server.accept("ann");
        Command.Publish publish = connection.next(Command.Publish.class);
        int failures = 0;
        while (json(publish).equals("1")) {
            refuse(connection, publish, ErrorCode.INTERNAL);
            failures++;
            publish = connection.next(Command.Publish.class);
        }
        assertThat(failures).isEqualTo(8);
        assertThat(json(publish)).isEqualTo("2");
        assertThat(failure(poison).code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(failure(poison).reason()).isEqualTo("because");
    }

    @Test
    void more_than_may_wait_fails_and_says_which_limit() throws Exception {
        start(OPTIONS.withLimits(ClientLimits.DEFAULTS.withPublishesWaiting(2)));
        FakeConnection connection = server.accept();
        client.publishJson(ROOM, "1");
        CompletionStage<Position> second = client.publishJson(ROOM, "2");
        CompletionStage<Position> third = client.publishJson(ROOM, "3");
        assertThat(failure(third).code()).isEqualTo(ErrorCode.TOO_MANY_PUBLISHES);
        assertThat(failure(third).reason())
                .isEqualTo("2 publishes wait for the server; the limit is 2 (ClientLimits.publishesWaiting).");
        connection.welcome("ann");
        published(connection, 1);
        published(connection, 2);
        get(second);
        client.publishJson(ROOM, "4");
        assertThat(json(published(connection, 3))).isEqualTo("4");
    }

    @Test
    void more_bytes_than_may_wait_fail_too() {
        start(OPTIONS.withLimits(new ClientLimits(10, 2_000, 1, 65_536)));
        client.publishText(ROOM, "x".repeat(1_000));
        RefusedException refused = failure(client.publishText(ROOM, "x".repeat(1_000)));
        assertThat(refused.code()).isEqualTo(ErrorCode.TOO_MANY_PUBLISHES);
        assertThat(refused.reason())
                .isEqualTo("1258 bytes of publishes wait for the server; with 1258 more they pass the limit of 2000"
                        + " (ClientLimits.bytesWaiting).");
    }

    @Test
    void the_largest_fails_when_the_server_ends_the_connection_over_a_size() throws Exception {
        start();
        CompletionStage<Position> large = client.publishText("large", "x".repeat(1_000));
        CompletionStage<Position> small = client.publishText(ROOM, "x");
        FakeConnection first = server.accept("ann");
        first.next();
        first.next();
        first.end(1009);
        assertThat(failure(large).code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(json(published(server.accept("ann"), 1))).isEqualTo("\"x\"");
        assertThat(get(small)).isEqualTo(at(1));
    }

    @Test
    void what_its_caller_has_given_up_is_not_sent() throws Exception {
        start();
        FakeConnection connection = server.accept();
        client.publishJson(ROOM, "1").toCompletableFuture().cancel(false);
        client.publishJson(ROOM, "2");
        connection.welcome("ann");
        assertThat(json(published(connection, 1))).isEqualTo("2");
    }

    @Test
    void bytes_are_published_as_they_are() throws Exception {
        start();
        CompletionStage<Position> stage = client.publish(ROOM, Data.ofBytes("image/png", new byte[] {1, 10, 2}), "k1");
        Command.Publish publish = published(server.accept("ann"), 1);
        assertThat(publish.key()).contains("k1");
        assertThat(publish.body()).isEqualTo(new Body.Binary("image/png", Bytes.wrap(new byte[] {1, 10, 2})));
        get(stage);
    }

    @Test
    void what_cannot_be_published_fails_without_a_word_to_the_server() throws Exception {
        start();
        assertThat(failure(client.publishJson(ROOM, "{")).code()).isEqualTo(ErrorCode.MALFORMED);
        assertThat(failure(client.publishJson("no channel", "1")).code()).isEqualTo(ErrorCode.INVALID_NAME);
        assertThat(failure(client.publish(ROOM, Data.ofText("x"), "")).code()).isEqualTo(ErrorCode.INVALID_NAME);
        assertThat(failure(client.publish(ROOM, Data.ofBytes("png", new byte[0])))
                        .code())
                .isEqualTo(ErrorCode.INVALID_NAME);
        FakeConnection connection = server.accept("ann");
        client.publishJson(ROOM, "2");
        assertThat(json(published(connection, 1))).isEqualTo("2");
    }

    @Test
    void closing_waits_for_what_was_published() throws Exception {
        start(OPTIONS.withTimes(ClientTimes.DEFAULTS));
        FakeConnection connection = server.accept("ann");
        List<Position> done = Collections.synchronizedList(new ArrayList<>());
        client.publishJson(ROOM, "1").thenAccept(done::add);
        Thread answering = new Thread(() -> {
            try {
                published(connection, 1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        answering.start();
        client.close();
        assertThat(done).containsExactly(at(1));
        connection.awaitClosed();
        answering.join();
    }

    @Test
    void closing_fails_what_has_no_answer_in_time() throws Exception {
        start();
        FakeConnection connection = server.accept("ann");
        CompletionStage<Position> stage = client.publishJson(ROOM, "1");
        connection.next(Command.Publish.class);
        client.close();
        assertThat(failure(stage).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure(stage).reason())
                .isEqualTo("The client is closed (closed): whether this was stored, nobody can tell.");
        RefusedException late = failure(client.publishJson(ROOM, "2"));
        assertThat(late.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(late.reason()).isEqualTo("The client is closed.");
    }

    @Test
    void what_hangs_on_a_future_may_ask_for_more() throws Exception {
        start();
        CompletionStage<Reply.Present> both =
                client.publishJson(ROOM, "1").thenCompose(position -> client.presence(ROOM));
        FakeConnection connection = server.accept("ann");
        published(connection, 1);
        Command.Presence asked = connection.next(Command.Presence.class);
        Reply.Present present = new Reply.Present(asked.id(), ROOM, at(1), 0, List.of());
        connection.say(present);
        assertThat(get(both)).isEqualTo(present);
    }

    @Test
    void what_hangs_on_a_future_may_take_its_time_and_holds_up_neither_the_client_nor_its_listeners() throws Exception {
        start();
        FakeConnection connection = server.accept("ann");
        read(connection, 0);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch slow = new CountDownLatch(1);
        CompletionStage<Boolean> first = client.publishJson(ROOM, "1").thenApply(position -> {
            begun.countDown();
            return await(slow);
        });
        published(connection, 1);
        assertThat(await(begun)).isTrue();

        CompletionStage<Position> second = client.publishJson(ROOM, "2");
        published(connection, 2);
        connection.say(messages(1, 2));
        eventually(() -> assertThat(room.told("message")).isEqualTo(told(1, 2)));
        assertThat(second.toCompletableFuture()).isNotDone(); // in their order

        slow.countDown();
        assertThat(get(first)).isTrue();
        assertThat(get(second)).isEqualTo(at(2));
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(FakeServer.PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void refuse(FakeConnection connection, Command.Publish publish, ErrorCode code) {
        connection.say(new Reply.Failed(OptionalLong.of(publish.id()), code, "because"));
    }
}
