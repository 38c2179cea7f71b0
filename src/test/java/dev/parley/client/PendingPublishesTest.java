package dev.parley.client;

import static dev.parley.testing.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PendingPublishesTest {
    private static final String ANN = "ann";

    private PendingPublishes publishes = new PendingPublishes(ClientLimits.DEFAULTS, Runnable::run);
    private long lastId;

    @Test
    void of_each_channel_one_is_under_way_and_channels_take_turns() {
        add("a", "a1");
        add("a", "a2");
        add("b", "b1");
        add("b", "b2");
        assertThat(sendAll()).containsExactly("a1", "b1");
        published(1);
        assertThat(sendAll()).containsExactly("a2");
        published(2);
        assertThat(sendAll()).containsExactly("b2");
    }

    @Test
    void of_all_channels_no_more_are_under_way_than_a_server_takes() {
        for (int i = 0; i < 300; i++) {
            add("c" + i, "key" + i);
        }
        assertThat(sendAll()).hasSize(128);
        published(5);
        assertThat(sendAll()).containsExactly("key128");
    }

    @Test
    void when_the_server_asks_for_a_pause_nothing_is_sent_in_it() {
        add("a", "a1");
        add("b", "b1");
        PendingPublish refused = next().orElseThrow();
        assertThat(publishes.answered(lastId, failed(ErrorCode.UNAVAILABLE))).isTrue();
        assertThat(sendAll()).isEmpty();
        publishes.proceed();
        assertThat(sendAll()).containsExactly("a1", "b1");
        assertThat(refused.future()).isNotDone();
    }

    @Test
    void after_an_interruption_all_are_sent_again_before_what_waited() {
        publishes = new PendingPublishes(ClientLimits.DEFAULTS.withPublishesAtOnce(3), Runnable::run);
        for (int i = 1; i <= 5; i++) {
            add("a", "a" + i);
        }
        assertThat(sendAll()).containsExactly("a1", "a2", "a3");
        publishes.answered(2, new Reply.Published(2, "a", ClientFixture.at(2)));
        publishes.interrupted();
        assertThat(sendAll()).containsExactly("a1", "a3", "a4");
    }

    @Test
    void an_answer_to_what_nobody_asked_changes_nothing() {
        add("a", "a1");
        sendAll();
        publishes.interrupted();
        assertThat(publishes.answered(1, failed(ErrorCode.REJECTED))).isFalse();
        assertThat(sendAll()).containsExactly("a1");
    }

    @Test
    void room_is_taken_until_the_answer_and_given_back_then() throws Exception {
        publishes = new PendingPublishes(ClientLimits.DEFAULTS.withPublishesWaiting(1), Runnable::run);
        add("a", "a1");
        assertRefused(
                () -> add("a", "a2"),
                ErrorCode.TOO_MANY_PUBLISHES,
                "1 publishes wait for the server; the limit is 1 (ClientLimits.publishesWaiting).");
        sendAll();
        published(1);
        publishes.awaitEmpty(Duration.ofDays(1));
        add("a", "a3");
    }

    @Test
    void when_it_is_over_all_fail_and_so_does_what_comes_later() {
        PendingPublish underWay = add("a", "a1");
        PendingPublish waiting = add("a", "a2");
        sendAll();
        publishes.abandon(Closing.of(ErrorCode.REVOKED, "Enough."));
        PendingPublish late = add("a", "a3");
        assertThat(ClientFixture.failure(underWay.future()).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(ClientFixture.failure(underWay.future()).reason())
                .isEqualTo("The client is closed (revoked): whether this was stored, nobody can tell.");
        for (PendingPublish unsent : List.of(waiting, late)) {
            assertThat(ClientFixture.failure(unsent.future()).code()).isEqualTo(ErrorCode.REVOKED);
            assertThat(ClientFixture.failure(unsent.future()).reason())
                    .isEqualTo("This was not sent, since the client is closed (revoked): Enough.");
        }
    }

    private PendingPublish add(String channel, String key) {
        PendingPublish pending = new PendingPublish(channel, key, Data.ofText(key));
        publishes.admit(pending);
        publishes.add(pending);
        return pending;
    }

    private Optional<PendingPublish> next() {
        Optional<PendingPublish> next = publishes.next(lastId + 1, ANN);
        next.ifPresent(pending -> lastId++);
        return next;
    }

    private List<String> sendAll() {
        List<String> keys = new ArrayList<>();
        for (Optional<PendingPublish> next = next(); next.isPresent(); next = next()) {
            keys.add(next.get().key());
        }
        return keys;
    }

    private void published(long id) {
        assertThat(publishes.answered(id, new Reply.Published(id, "any", ClientFixture.at(id))))
                .isFalse();
    }

    private static Reply.Failed failed(ErrorCode code) {
        return new Reply.Failed(OptionalLong.of(1), code, "because");
    }
}
