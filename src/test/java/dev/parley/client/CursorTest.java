package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.Lineage;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import dev.parley.protocol.Start;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CursorTest {
    private static final String ROOM = ClientFixture.ROOM;
    private static final List<Lineage.Ancestor> ANCESTORS = List.of(new Lineage.Ancestor("k", 10));
    private static final Push.Range FORGOTTEN = new Push.Range(at(10), at(21));

    private final Recorder told = new Recorder();
    private final ListenerDispatcher dispatcher = new ListenerDispatcher(Thread::new, () -> {});
    private final Cursor cursor = new Cursor(Start.history(ROOM, 5), told, dispatcher);
    private final Object first = new Object();
    private final Object second = new Object();

    @AfterEach
    void stop() {
        dispatcher.close(() -> {});
    }

    @Test
    void it_asks_as_the_program_did_and_then_for_what_is_after_its_last_message() {
        assertThat(cursor.ask(first)).isEqualTo(Start.history(ROOM, 5));
        started(first, at(3));
        assertThat(cursor.ask(second)).isEqualTo(Start.after(ROOM, at(3)));
        started(second, at(3));
        cursor.take(second, ClientFixture.message(4));
        assertThat(cursor.ask(first)).isEqualTo(Start.after(ROOM, at(4)));
    }

    @Test
    void of_a_channel_nobody_has_published_to_it_takes_the_first_message_of_any_epoch() {
        cursor.ask(first);
        started(first, Position.NONE);
        cursor.take(first, ClientFixture.message(1));
        cursor.take(first, ClientFixture.message(new Position("new", 1)));
        await().until(() -> told.told("message").equals(List.of("message 1", "message 1")));
    }

    @Test
    void it_takes_no_message_twice() {
        cursor.ask(first);
        started(first, at(3));
        for (int offset : new int[] {2, 3, 4, 4, 3, 5}) {
            assertThat(cursor.take(first, ClientFixture.message(offset))).isTrue();
        }
        await().until(() -> told.told("message").equals(List.of("message 4", "message 5")));
        await().until(() -> cursor.delivered().equals(Optional.of(at(5)))); // when the listener has returned
    }

    @Test
    void it_takes_no_message_twice_when_the_log_has_begun_another_epoch() {
        cursor.ask(first);
        started(first, at(9));
        for (Position position : List.of(at(10), next(11), at(9), at(10), next(11), at(11), next(12))) {
            assertThat(cursor.take(first, ClientFixture.message(position))).isTrue();
        }
        await().until(() -> cursor.delivered().equals(Optional.of(next(12))));
        assertThat(told.told("message")).isEqualTo(ClientFixture.told(10, 12));
    }

    @Test
    void after_a_reconnect_it_compares_by_the_lineage_that_it_is_told() {
        cursor.ask(first);
        started(first, at(8));
        cursor.ask(second);
        cursor.started(
                second, new Reply.Started(ROOM, at(8), next(12), true, Optional.empty(), Optional.empty(), ANCESTORS));
        for (Position position : List.of(at(8), at(9), at(10), next(11), at(10), next(12))) {
            cursor.take(second, ClientFixture.message(position));
        }
        await().until(() -> cursor.delivered().equals(Optional.of(next(12))));
        assertThat(told.told("message")).isEqualTo(ClientFixture.told(9, 12));
        assertThat(told.told("forgotten")).isEmpty();
        assertThat(told.told("lost")).isEmpty();
    }

    @Test
    void what_the_log_has_forgotten_it_gives_up_and_asks_on_from_there() {
        cursor.ask(first);
        started(first, at(19));
        cursor.take(first, ClientFixture.message(20));
        cursor.take(first, new Push.Forgotten(ROOM, FORGOTTEN, List.of()));
        assertThat(cursor.ask(second)).isEqualTo(Start.after(ROOM, at(10)));
        started(second, at(10));
        for (Position position : List.of(next(11), at(10), at(20), next(12))) {
            cursor.take(second, ClientFixture.message(position));
        }
        await().until(() -> cursor.delivered().equals(Optional.of(next(12))));
        assertThat(told.told())
                .containsExactly(
                        "opened k:19", "message 20", "forgotten k:10 k:21", "opened k:10", "message 11", "message 12");
    }

    @Test
    void where_the_log_has_left_off_is_also_what_a_program_would_go_on_from() {
        cursor.ask(first);
        started(first, at(20));
        cursor.take(first, new Push.Forgotten(ROOM, FORGOTTEN, ANCESTORS));
        await().until(() -> cursor.delivered().equals(Optional.of(at(10))));
    }

    @Test
    void it_hears_only_the_connection_it_has_asked_last_and_only_since_that_answered() {
        cursor.ask(first);
        started(first, at(0));
        cursor.ask(second);
        cursor.take(first, ClientFixture.message(1));
        cursor.take(second, ClientFixture.message(7));
        started(first, at(9));
        started(second, at(0));
        cursor.take(first, ClientFixture.message(2));
        cursor.take(second, ClientFixture.message(1));
        await().until(() -> told.told("message").equals(List.of("message 1")));
        assertThat(told.told("opened")).containsExactly("opened k:0", "opened k:0");
    }

    @Test
    void without_room_it_takes_nothing_and_goes_on_where_it_stood() {
        CountDownLatch slow = new CountDownLatch(1);
        cursor.ask(first);
        started(first, at(0));
        dispatcher.call(() -> awaitQuietly(slow));
        long offset = 1;
        while (cursor.take(first, ClientFixture.message(offset))) {
            offset++;
        }
        long full = offset;
        assertThat(cursor.take(first, ClientFixture.message(full + 1))).isTrue(); // not heard: it is full
        assertThat(cursor.mayAsk(first)).isFalse();
        assertThat(cursor.giveBack(second)).isFalse();
        assertThat(cursor.giveBack(first)).isTrue();
        assertThat(cursor.giveBack(first)).isFalse();
        assertThat(cursor.isGivenBack()).isTrue();
        assertThat(cursor.ask(first)).isEqualTo(Start.after(ROOM, at(full - 1)));
        started(first, at(full - 1));
        slow.countDown();
        await().until(() -> told.told("message").size() == full - 1);
        cursor.take(first, ClientFixture.message(full));
        await().until(() -> told.told("message").equals(ClientFixture.told(1, (int) full)));
    }

    @Test
    void when_it_has_ended_nothing_is_told_any_more_not_even_what_waits() {
        CountDownLatch slow = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        cursor.ask(first);
        started(first, at(0));
        await().until(() -> told.told("opened").size() == 1);
        dispatcher.call(() -> awaitQuietly(slow));
        cursor.take(first, ClientFixture.message(1));
        cursor.end();
        slow.countDown();
        dispatcher.call(done::countDown);
        await().until(() -> done.getCount() == 0);
        assertThat(told.told("message")).isEmpty();
        assertThat(cursor.mayAsk(second)).isFalse();
    }

    private void started(Object from, Position position) {
        cursor.started(from, new Reply.Started(ROOM, position, position, true, Optional.empty()));
    }

    /** Of the epoch that follows on {@code k:10}. */
    private static Position next(long offset) {
        return new Position("next", offset);
    }

    private static Position at(long offset) {
        return ClientFixture.at(offset);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
