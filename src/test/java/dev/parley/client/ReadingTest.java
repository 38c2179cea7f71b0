package dev.parley.client;

import static dev.parley.testing.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.protocol.Command;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.FromServer;
import dev.parley.protocol.Lineage;
import dev.parley.protocol.Member;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import dev.parley.protocol.Start;
import dev.parley.wire.WireWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Each message once, in order, from where the client stood; what is gone is told. */
class ReadingTest extends ClientFixture {
    /** The first connection of a client that has started, and reads the room from its beginning. */
    private FakeConnection reading() throws Exception {
        start();
        FakeConnection connection = server.accept("ann");
        read(connection, 0);
        return connection;
    }

    @Test
    void a_channel_is_read_on_from_the_last_message() throws Exception {
        FakeConnection first = reading();
        first.say(messages(1, 3));
        first.end(1006);

        FakeConnection second = server.accept("ann");
        assertThat(started(second, at(3), true).after()).contains(at(3));
        second.say(messages(3, 4));
        eventually(() -> assertThat(room.told("message")).isEqualTo(told(1, 4)));
        eventually(() -> assertThat(client.position(ROOM)).contains(at(4)));
    }

    @Test
    void before_the_first_answer_it_is_asked_for_as_the_program_did() throws Exception {
        start();
        client.subscribe(Start.history(ROOM, 50), room);
        server.accept("ann").end(1006);
        FakeConnection second = server.accept("ann");
        assertThat(started(second, at(9), true)).isEqualTo(Start.history(ROOM, 50));
        second.say(messages(10, 10));
        eventually(() -> assertThat(room.told()).containsExactly("opened k:9", "message 10"));
    }

    @Test
    void what_an_old_connection_still_says_is_not_heard() throws Exception {
        FakeConnection first = reading();
        first.say(messages(1, 1));
        first.end(1006);
        FakeConnection second = server.accept("ann");
        started(second, new Position("new", 4), false);
        first.say(messages(2, 3));
        second.say(message(new Position("new", 5)));
        eventually(() -> assertThat(room.told())
                .containsExactly("opened k:0", "message 1", "lost ?", "opened new:4", "message 5"));
    }

    @Test
    void what_comes_before_the_answer_to_subscribe_is_of_another_cursor() throws Exception {
        start();
        FakeConnection connection = server.accept("ann");
        client.subscribe(Start.now(ROOM), room);
        Command.Subscribe subscribe = connection.next(Command.Subscribe.class);
        connection.say(messages(1, 2));
        connection.say(new Reply.Subscribed(
                subscribe.id(), List.of(new Reply.Started(ROOM, at(5), at(5), true, Optional.empty())), true));
        connection.say(messages(6, 6));
        eventually(() -> assertThat(room.told("message")).containsExactly("message 6"));
    }

    @Test
    void who_comes_back_too_late_is_told_what_is_gone() throws Exception {
        FakeConnection first = reading();
        first.say(messages(1, 1));
        first.end(1006);
        FakeConnection second = server.accept("ann");
        Command.Subscribe subscribe = second.next(Command.Subscribe.class);
        Push.Range gone = new Push.Range(at(1), at(10));
        second.say(new Reply.Subscribed(
                subscribe.id(), List.of(new Reply.Started(ROOM, at(9), at(10), false, Optional.of(gone))), true));
        second.say(messages(10, 10));
        eventually(() -> assertThat(room.told())
                .containsExactly("opened k:0", "message 1", "lost k:1 k:10", "opened k:9", "message 10"));
    }

    @Test
    void what_is_lost_on_the_way_is_told_in_its_place() throws Exception {
        FakeConnection connection = reading();
        connection.say(message(1), new Push.Lost(ROOM, Optional.of(new Push.Range(at(1), at(5)))), message(5));
        connection.say(new Push.Lost(ROOM, Optional.empty()), message(new Position("new", 1)));
        eventually(() -> assertThat(room.told())
                .containsExactly("opened k:0", "message 1", "lost k:1 k:5", "message 5", "lost ?", "message 1"));
    }

    @Test
    void what_the_log_has_forgotten_is_told_in_its_place() throws Exception {
        FakeConnection connection = reading();
        connection.say(messages(1, 3));
        connection.say(new Push.Forgotten(ROOM, new Push.Range(at(1), at(4)), List.of()));
        connection.say(message(new Position("next", 2)));
        eventually(() -> assertThat(room.told())
                .containsExactly(
                        "opened k:0", "message 1", "message 2", "message 3", "forgotten k:1 k:4", "message 2"));
        connection.end(1006);
        FakeConnection second = server.accept("ann");
        assertThat(started(second, new Position("next", 2), true).after()).contains(new Position("next", 2));
    }

    @Test
    void who_comes_back_to_a_log_that_has_forgotten_is_told_which_and_nothing_else() throws Exception {
        FakeConnection first = reading();
        first.say(messages(1, 3));
        first.end(1006);
        FakeConnection second = server.accept("ann");
        Command.Subscribe subscribe = second.next(Command.Subscribe.class);
        Position head = new Position("next", 2);
        Reply.Started started = new Reply.Started(
                ROOM,
                at(1),
                head,
                false,
                Optional.empty(),
                Optional.of(new Push.Range(at(1), at(4))),
                List.of(new Lineage.Ancestor("k", 1)));
        second.say(new Reply.Subscribed(subscribe.id(), List.of(started), true));
        second.say(message(at(1)), message(head));
        eventually(() -> assertThat(room.told())
                .containsExactly(
                        "opened k:0",
                        "message 1",
                        "message 2",
                        "message 3",
                        "forgotten k:1 k:4",
                        "opened k:1",
                        "message 2"));
    }

    @Test
    void what_cannot_be_read_is_told_with_its_place_and_stops_nothing() throws Exception {
        FakeConnection connection = reading();
        String line = WireWriter.write(message(2));
        String deep = "[".repeat(5_000) + "]".repeat(5_000); // stored when nobody looked
        connection.hear(WireWriter.write(message(1)) + "\n"
                + line.replace("{\"n\":1}", "{oops") + "\n"
                + WireWriter.write(message(3)).replace("\"from\":", "\"whence\":") + "\n"
                + WireWriter.write(message(4)).replace("{\"n\":1}", deep) + "\n"
                + "no line at all\n[]\n{\"channel\":\"no channel\",\"position\":\"k:1\"}\n"
                + WireWriter.write(message(5)));
        eventually(() -> assertThat(room.told())
                .containsExactly("opened k:0", "message 1", "unreadable 2", "unreadable 3", "message 4", "message 5"));
        connection.end(1006);
        assertThat(resumed(server.accept("ann"))).isEqualTo(at(5));
    }

    @Test
    void an_answer_that_cannot_be_read_fails_its_question_alone() throws Exception {
        FakeConnection connection = reading();
        CompletionStage<Reply.History> history = client.history(ROOM, Optional.empty(), 2);
        long id = connection.next(Command.History.class).id();
        connection.hear("{\"id\":" + id + ",\"history\":{\"channel\":\"" + ROOM + "\",\"messages\":[{oops]}}");
        assertThat(failure(history).code()).isEqualTo(ErrorCode.INTERNAL);
        CompletionStage<Position> published = client.publishJson(ROOM, "1");
        long first = connection.next(Command.Publish.class).id();
        connection.hear("{\"id\":" + first + ",\"published\":{\"channel\":\"" + ROOM + "\"}}");
        published(connection, 1); // it is asked again, with the same key
        assertThat(get(published)).isEqualTo(at(1));
    }

    @Test
    void joins_leaves_and_counts_are_told() throws Exception {
        FakeConnection connection = reading();
        Member bob = new Member("bob", Optional.empty());
        connection.say(new Push.Join(ROOM, bob, at(1)), new Push.Leave(ROOM, bob, at(2)));
        connection.say(new Push.Members(ROOM, 101, at(3)));
        eventually(() -> assertThat(room.told()).endsWith("joined bob", "left bob", "members 101"));
    }

    @Test
    void a_listener_that_throws_costs_nothing_else() throws Exception {
        start();
        FakeConnection connection = server.accept("ann");
        client.subscribe(Start.now(ROOM), message -> {
            room.message(message);
            throw new IllegalStateException("of a listener, as the test wants it");
        });
        started(connection, at(0), true);
        connection.say(messages(1, 3));
        eventually(() -> assertThat(room.told()).isEqualTo(told(1, 3)));
    }

    @Test
    void a_cursor_that_is_refused_for_now_is_asked_for_again_and_for_good_it_is_told() throws Exception {
        start();
        FakeConnection connection = server.accept("ann");
        client.subscribe(Start.now(ROOM), room);
        refuse(connection, ErrorCode.UNAVAILABLE);
        Command.Subscribe again = connection.next(Command.Subscribe.class);
        connection.say(new Reply.Failed(OptionalLong.of(again.id()), ErrorCode.TOO_MANY_COMMANDS, ""));
        refuse(connection, ErrorCode.NOT_ALLOWED);
        eventually(() -> assertThat(room.told()).containsExactly("ended not-allowed"));
        connection.end(1006);
        FakeConnection second = server.accept("ann");
        read(second, 0); // it may be tried again
        eventually(() -> assertThat(room.told()).containsExactly("ended not-allowed", "opened k:0"));
    }

    @Test
    void a_subscription_that_the_server_ends_is_not_opened_again() throws Exception {
        FakeConnection first = reading();
        first.say(message(1), new Push.Ended(ROOM, ErrorCode.NOT_ALLOWED));
        eventually(() -> assertThat(room.told()).endsWith("message 1", "ended not-allowed"));
        first.end(1006);
        FakeConnection second = server.accept("ann");
        client.publishJson(ROOM, "1");
        second.next(Command.Publish.class);
    }

    @Test
    void one_listener_of_several_channels_is_told_of_which() throws Exception {
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        ChannelListener both = new ChannelListener() {
            @Override
            public void message(Message message) {}

            @Override
            public void joined(String channel, Member member) {
                told.add(channel + " joined");
            }

            @Override
            public void lost(String channel, Optional<Push.Range> range) {
                told.add(channel + " lost");
            }

            @Override
            public void ended(String channel, ErrorCode code) {
                told.add(channel + " ended");
            }
        };
        start();
        FakeConnection connection = server.accept("ann");
        for (String channel : List.of("a", "b")) {
            client.subscribe(Start.now(channel), both);
            started(connection, at(0), true);
        }
        connection.say(
                new Push.Join("b", new Member("bob", Optional.empty()), at(1)),
                new Push.Lost("a", Optional.empty()),
                new Push.Ended("a", ErrorCode.NOT_ALLOWED));
        eventually(() -> assertThat(told).containsExactly("b joined", "a lost", "a ended"));
    }

    @Test
    void who_unsubscribes_is_told_no_more_and_may_subscribe_anew() throws Exception {
        FakeConnection connection = reading();
        assertThatThrownBy(() -> client.subscribe(Start.now(ROOM), room))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(ROOM);
        client.unsubscribe(ROOM);
        assertThat(connection.next(Command.Unsubscribe.class).channel()).isEqualTo(ROOM);
        connection.say(messages(1, 1));
        Recorder other = new Recorder();
        client.subscribe(Start.now(ROOM), other);
        started(connection, at(5), true);
        connection.say(messages(6, 6));
        eventually(() -> assertThat(other.told("message")).containsExactly("message 6"));
        assertThat(room.told("message")).isEmpty();
        assertRefused(
                () -> client.subscribe(Start.now("no channel"), room),
                ErrorCode.INVALID_NAME,
                "A channel is 1 to 200 letters, digits, '.', '_', '-' or '~', beginning with a letter or digit.");
    }

    @Test
    void a_slow_listener_gives_its_cursor_back_and_takes_it_up_where_it_stood() throws Exception {
        start();
        FakeConnection connection = server.accept("ann");
        CountDownLatch slow = new CountDownLatch(1);
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        client.subscribe(Start.now(ROOM), message -> {
            awaitQuietly(slow);
            heard.add("message " + message.position().offset());
        });
        started(connection, at(0), true);
        int most = ListenerDispatcher.MOST_CALLS;
        int sent = 0;
        while (sent < 3 * most) {
            connection.say(messages(sent + 1, sent + 64));
            sent += 64;
        }
        assertThat(connection.next(Command.Unsubscribe.class).channel()).isEqualTo(ROOM);
        CompletionStage<Position> published = client.publishJson(ROOM, "1");
        published(connection, sent + 1);
        get(published); // though the listener hears nothing

        slow.countDown();
        long stood = resumed(connection).offset();
        assertThat(stood).isBetween(most - 64L, most + 64L);
        connection.say(messages((int) stood + 1, (int) stood + 100));
        eventually(() -> assertThat(heard).isEqualTo(told(1, (int) stood + 100)));
    }

    @Test
    void who_is_present_and_what_was_said_before_can_be_asked() throws Exception {
        start();
        FakeConnection connection = server.accept("ann");
        eventually(() -> assertThat(state.told("open")).hasSize(1));
        CompletionStage<Reply.Present> presence = client.presence(ROOM);
        Command.Presence asked = connection.next(Command.Presence.class);
        Reply.Present present =
                new Reply.Present(asked.id(), ROOM, at(1), 1, List.of(new Member("bob", Optional.empty())));
        connection.say(present);
        assertThat(get(presence)).isEqualTo(present);

        CompletionStage<Reply.History> history = client.history(ROOM, Optional.of(at(7)), 2);
        Command.History before = connection.next(Command.History.class);
        assertThat(before.before()).contains(at(7));
        assertThat(before.limit()).isEqualTo(2);
        Reply.History past = new Reply.History(before.id(), ROOM, List.of(messages(5, 6)), true);
        connection.say((FromServer) past);
        assertThat(get(history)).isEqualTo(past);
    }

    @Test
    void a_question_fails_when_the_connection_ends_and_when_there_is_none() throws Exception {
        start();
        FakeConnection connection = server.accept();
        CompletionStage<Reply.Present> early = client.presence(ROOM);
        assertThat(failure(early).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure(early).reason()).isEqualTo("There is no connection just now.");
        connection.welcome("ann");
        eventually(() -> assertThat(state.told("open")).hasSize(1));
        CompletionStage<Reply.History> history = client.history(ROOM, Optional.empty(), 2);
        connection.next(Command.History.class);
        connection.end(1006);
        assertThat(failure(history).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure(history).reason()).isEqualTo("The connection ended before the answer came.");
        assertThat(failure(client.presence("no channel")).code()).isEqualTo(ErrorCode.INVALID_NAME);
    }

    /** Answers the next subscribe with the place it asks for: how many had room depends on what the listener had begun. */
    private static Position resumed(FakeConnection connection) throws InterruptedException {
        Command.Subscribe subscribe = connection.find(Command.Subscribe.class);
        Position after = subscribe.starts().get(0).after().orElseThrow();
        connection.say(new Reply.Subscribed(
                subscribe.id(), List.of(new Reply.Started(ROOM, after, after, true, Optional.empty())), true));
        return after;
    }

    private static void refuse(FakeConnection connection, ErrorCode code) throws InterruptedException {
        Command.Subscribe subscribe = connection.next(Command.Subscribe.class);
        connection.say(new Reply.Subscribed(subscribe.id(), List.of(new Reply.Refused(ROOM, code, "")), true));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
