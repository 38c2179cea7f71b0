package dev.parley.frames;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Identity;
import dev.parley.protocol.DisconnectCode;
import dev.parley.security.Caller;
import dev.parley.security.SharedBudget;
import dev.parley.standalone.RawSocket;
import dev.parley.testing.ManualExecutors;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class UnfinishedMessagesTest {
    private static final int BINARY = 0x82;
    private static final int BINARY_BEGINS = 0x02;
    private static final int CONTINUES = 0x00;
    private static final int ENDS = 0x80;
    private static final int PING = 0x89;
    private static final int MEGABYTES = 5 * 1024 * 1024;
    private static final int BEFORE_LAST = MEGABYTES - 1;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualExecutors executors = new ManualExecutors();
    private final SharedBudget budget = new SharedBudget(64L * 1024 * 1024);
    private final UnfinishedMessages unfinished =
            new UnfinishedMessages(budget, TIMEOUT, executors.timer(), executors.delivery());

    /** One connection's reading, as far as messages go. */
    private class Client implements FrameReader.Receiver {
        final List<Object> heard = new ArrayList<>();
        final UnfinishedMessages.OfConnection message;
        final FrameReader reader;

        Client(String address) {
            message = unfinished.of(new Caller(address, false, List.of(), List.of()));
            reader = new FrameReader(new FrameReader.Bounds(MEGABYTES, 1_000), message, this);
            message.whenOver(reader::refuse);
        }

        void sends(byte[] bytes) {
            reader.read(ByteBuffer.wrap(bytes));
        }

        void sends(byte[] bytes, int from, int count) {
            reader.read(ByteBuffer.wrap(bytes, from, count));
        }

        @Override
        public void text(String text) {
            heard.add(text);
        }

        @Override
        public void binary(byte[] bytes) {
            heard.add(bytes.length);
        }

        @Override
        public void ping(byte[] data) {
            heard.add("ping");
        }

        @Override
        public void pong(byte[] data) {
            heard.add("pong");
        }

        @Override
        public void closed(OptionalInt code, String reason) {
            heard.add(reason);
        }

        @Override
        public void violated(DisconnectCode code) {
            heard.add(code);
        }
    }

    private static byte[] message(int size) {
        return RawSocket.frame(BINARY, new byte[size]);
    }

    @Test
    void a_message_that_does_not_come_to_its_end_is_ended_by_the_time_limit() {
        Client client = new Client("192.0.2.1");
        client.sends(message(MEGABYTES), 0, BEFORE_LAST);
        executors.pass(TIMEOUT.minusMillis(1));
        assertThat(client.heard).isEmpty();

        executors.pass(TIMEOUT.plusMillis(1));

        assertThat(client.heard).containsExactly(DisconnectCode.SLOW);
        assertThat(budget.taken()).isZero();
    }

    @Test
    void a_client_that_makes_progress_at_a_kilobyte_a_second_is_heard_to_the_end() {
        Client client = new Client("192.0.2.1");
        byte[] sent = message(300 * 1024);
        for (int from = 0; from < sent.length; from += 1024) {
            client.sends(sent, from, Math.min(1024, sent.length - from));
            executors.pass(SECOND);
        }

        assertThat(client.heard).containsExactly(300 * 1024);
        executors.pass(TIMEOUT.multipliedBy(3));
        assertThat(client.heard).as("and is not looked at any more").hasSize(1);
    }

    @Test
    void one_that_drips_slower_is_not() {
        Client client = new Client("192.0.2.1");
        byte[] sent = message(MEGABYTES);
        for (int i = 0; i < 60; i++) {
            client.sends(sent, i * 500, 500);
            executors.pass(SECOND);
        }

        assertThat(client.heard).containsExactly(DisconnectCode.SLOW);
    }

    @Test
    void pings_and_frames_of_nothing_are_no_progress_of_a_message() {
        Client client = new Client("192.0.2.1");
        client.sends(RawSocket.frame(BINARY_BEGINS, new byte[100]));
        for (int i = 0; i < 600; i++) {
            client.sends(RawSocket.frame(PING, new byte[125]));
            client.sends(i % 2 == 0 ? RawSocket.frame(CONTINUES, new byte[0]) : new byte[0]);
            executors.pass(Duration.ofMillis(100));
        }

        assertThat(client.heard).contains(DisconnectCode.SLOW);
    }

    @Test
    void the_first_octets_of_a_frame_are_held_no_longer_either() {
        Client client = new Client("192.0.2.1");
        client.sends(message(10), 0, 1);

        executors.pass(TIMEOUT);

        assertThat(client.heard).containsExactly(DisconnectCode.SLOW);
    }

    @Test
    void many_messages_that_are_each_seen_half_first_are_progress() {
        Client client = new Client("192.0.2.1");
        byte[] sent = message(10);
        client.sends(sent, 0, 8);
        for (int i = 0; i < 40; i++) {
            executors.pass(SECOND.multipliedBy(20));
            client.sends(sent, 8, sent.length - 8);
            client.sends(sent, 0, 8);
        }

        assertThat(client.heard).hasSize(40).containsOnly(10);
    }

    @Test
    void the_time_that_an_endpoint_takes_for_a_message_is_not_the_client_s() {
        Client client = new Client("192.0.2.1") {
            @Override
            public void binary(byte[] bytes) {
                executors.pass(TIMEOUT.multipliedBy(2));
                super.binary(bytes);
            }
        };
        byte[] sent = message(10);
        client.sends(sent, 0, 8);
        client.sends(sent, 8, sent.length - 8);

        executors.pass(TIMEOUT);

        assertThat(client.heard).containsExactly(10);
    }

    @Test
    void who_has_gone_is_not_looked_for() {
        Client client = new Client("192.0.2.1");
        client.sends(message(MEGABYTES), 0, BEFORE_LAST);
        client.reader.drop();

        executors.pass(TIMEOUT.multipliedBy(2));

        assertThat(client.heard).isEmpty();
        assertThat(budget.taken()).isZero();
    }

    @Test
    void when_all_that_is_held_is_too_much_who_holds_most_of_it_is_told() {
        List<Client> hostile = new ArrayList<>();
        for (int i = 0; i < 52; i++) {
            Client client = new Client("2001:db8::" + i);
            client.sends(message(MEGABYTES), 0, BEFORE_LAST);
            hostile.add(client);
        }
        assertThat(budget.taken()).isGreaterThan(59L * 1024 * 1024);

        Client other = new Client("192.0.2.1");
        other.sends(RawSocket.frame(BINARY_BEGINS, new byte[MEGABYTES / 2]));
        other.sends(RawSocket.frame(CONTINUES, new byte[MEGABYTES / 4]));
        other.sends(RawSocket.frame(ENDS, new byte[10]));
        executors.run();

        assertThat(other.heard).containsExactly(MEGABYTES / 2 + MEGABYTES / 4 + 10);
        assertThat(hostile)
                .filteredOn(client -> !client.heard.isEmpty())
                .isNotEmpty()
                .allSatisfy(client -> assertThat(client.heard).containsExactly(DisconnectCode.OVERLOADED));
    }

    @Test
    void a_user_of_the_same_address_has_a_share_of_their_own() {
        for (int i = 0; i < 52; i++) {
            new Client("192.0.2.1").sends(message(MEGABYTES), 0, BEFORE_LAST);
        }

        Client guest = new Client("192.0.2.1");
        guest.sends(message(MEGABYTES), 0, BEFORE_LAST);
        Client ann = new Client("192.0.2.1");
        ann.message.belongsTo(new Identity("ann", Optional.empty()));
        byte[] sent = message(MEGABYTES);
        ann.sends(sent, 0, BEFORE_LAST);
        ann.sends(sent, BEFORE_LAST, sent.length - BEFORE_LAST);

        assertThat(guest.heard).containsExactly(DisconnectCode.OVERLOADED);
        assertThat(ann.heard).containsExactly(MEGABYTES);
    }
}
