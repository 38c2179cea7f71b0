package dev.parley.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Identity;
import dev.parley.channel.Batch;
import dev.parley.channel.Encoded;
import dev.parley.channel.Representation;
import dev.parley.channel.Subscription;
import dev.parley.connection.Connection;
import dev.parley.connection.Transport;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.Push;
import dev.parley.protocol.Start;
import dev.parley.testing.ManualNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A thousand who wait at one place cost one encoding, whatever the form. */
class SharingTest {
    private static final int READERS = 1_000;

    private final ManualNode node = new ManualNode();
    private final List<Batch> sent = new ArrayList<>();

    @ParameterizedTest
    @MethodSource("forms")
    void all_are_given_the_same_batch(Representation form) {
        for (int i = 0; i < READERS; i++) {
            read(form);
        }
        node.publish("a", 1, 1);

        assertThat(sent).hasSize(READERS);
        assertThat(sent).allMatch(batch -> batch == sent.get(0));
    }

    @Test
    void all_forms_together_are_encoded_once_each() {
        Counting lines = new Counting(JsonArrayRepresentation.LINE);
        Counting events = new Counting(SseRepresentation.POSITIONED);
        for (int i = 0; i < READERS; i++) {
            read(lines);
            read(events);
        }
        node.publish("a", 1, 3);

        assertThat(sent).hasSize(2 * 3 * READERS);
        assertThat(lines.count).hasValue(3);
        assertThat(events.count).hasValue(3);
    }

    @Test
    void what_is_written_is_made_once_for_a_batch() {
        AtomicInteger made = new AtomicInteger();
        for (int i = 0; i < READERS; i++) {
            read(JsonArrayRepresentation.LINE);
        }
        node.publish("a", 1, 1);

        sent.forEach(batch -> batch.ready(String.class, pieces -> "made " + made.incrementAndGet()));
        assertThat(made).hasValue(1);
    }

    static Stream<Representation> forms() {
        return Stream.of(JsonArrayRepresentation.LINE, SseRepresentation.POSITIONED, SseRepresentation.PLAIN);
    }

    private void read(Representation form) {
        Connection connection = node.connections().open(new Collecting(), form, Identity.SERVER);
        connection.limitPushes(ReadQuery.MOST_MESSAGES);
        var unused = connection.subscribe(Start.now("a")).thenAccept(Subscription::start);
        node.run();
    }

    private final class Collecting implements Transport {
        @Override
        public void send(Batch batch, Completion done) {
            sent.add(batch);
            done.sent();
        }

        @Override
        public void ping(Ping told) {}

        @Override
        public void close(DisconnectCode code) {}
    }

    private static final class Counting implements Representation {
        private final Representation form;
        private final AtomicInteger count = new AtomicInteger();

        Counting(Representation form) {
            this.form = form;
        }

        @Override
        public Optional<Encoded> encode(Push push) {
            count.incrementAndGet();
            return form.encode(push);
        }

        @Override
        public boolean joins() {
            return form.joins();
        }

        @Override
        public String separator() {
            return form.separator();
        }
    }
}
