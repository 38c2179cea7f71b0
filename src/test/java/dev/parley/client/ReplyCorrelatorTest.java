package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Bytes;
import dev.parley.protocol.Command;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ReplyCorrelatorTest {
    private final List<String> sent = new ArrayList<>();
    private final List<Reply> answers = new ArrayList<>();
    private final ReplyCorrelator correlator =
            new ReplyCorrelator(new PendingPublishes(ClientLimits.DEFAULTS, Runnable::run));
    private final MessageSink sink = new MessageSink() {
        @Override
        public void send(String text) {
            sent.add(text);
        }

        @Override
        public void send(Bytes bytes) {
            sent.add(bytes.toString());
        }
    };

    @Test
    void each_command_has_an_id_and_each_reply_finds_who_asked() {
        correlator.use(sink);
        correlator.ask(Command.Ping::new, answers::add);
        correlator.ask(id -> new Command.Presence(id, "a"), answers::add);
        assertThat(sent).containsExactly("{\"id\":1,\"ping\":{}}", "{\"id\":2,\"presence\":{\"channel\":\"a\"}}");
        Reply.Failed failed = new Reply.Failed(OptionalLong.of(2), ErrorCode.NOT_ALLOWED, "");
        correlator.replied(failed);
        correlator.replied(failed);
        correlator.replied(new Reply.Pong(1));
        assertThat(answers).containsExactly(failed, new Reply.Pong(1));
    }

    @Test
    void without_a_connection_the_answer_is_unavailable_at_once_and_when_it_ends() {
        correlator.ask(Command.Ping::new, answers::add);
        correlator.use(sink);
        correlator.ask(Command.Ping::new, answers::add);
        correlator.interrupted();
        assertThat(answers)
                .containsExactly(
                        unavailable(1, "There is no connection just now."),
                        unavailable(2, "The connection ended before the answer came."));
    }

    @Test
    void publishes_wait_until_it_is_known_who_publishes_and_use_ids_of_their_own() {
        publish("a", "k1");
        correlator.use(sink);
        correlator.ask(Command.Ping::new, answers::add);
        assertThat(sent).hasSize(1);
        correlator.identified("ann");
        assertThat(sent.get(1)).startsWith("{\"id\":2,\"publish\":{\"channel\":\"a\",\"key\":\"k1\"");
        correlator.askWhenOpen(Command.Ping::new, answers::add);
        assertThat(sent.get(2)).isEqualTo("{\"id\":3,\"ping\":{}}");
    }

    @Test
    void over_the_next_connection_a_publish_has_another_id_and_the_same_key() {
        publish("a", "k1");
        correlator.use(sink);
        correlator.identified("ann");
        correlator.interrupted();
        assertThat(correlator.isOpen()).isFalse();
        correlator.use(sink);
        correlator.identified("ann");
        assertThat(sent).hasSize(2).allMatch(line -> line.contains("\"key\":\"k1\""));
        assertThat(sent.get(0)).startsWith("{\"id\":1,");
        assertThat(sent.get(1)).startsWith("{\"id\":2,");
    }

    private static Reply unavailable(long id, String sentence) {
        return new Reply.Failed(OptionalLong.of(id), ErrorCode.UNAVAILABLE, sentence);
    }

    private void publish(String channel, String key) {
        PendingPublish pending = new PendingPublish(channel, key, Data.ofText("x"));
        correlator.admit(pending);
        correlator.publish(pending);
    }
}
