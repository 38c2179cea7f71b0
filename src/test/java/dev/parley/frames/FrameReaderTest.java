package dev.parley.frames;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.parley.protocol.DisconnectCode;
import dev.parley.security.Caller;
import dev.parley.security.SharedBudget;
import dev.parley.standalone.RawSocket;
import dev.parley.testing.ManualExecutors;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the rules of RFC 6455 do not say: pieces, copies, memory. The rules are in {@link dev.parley.standalone.Rfc6455Test}. */
class FrameReaderTest {
    private static final int TEXT = 0x81;
    private static final int BINARY = 0x82;
    private static final int BINARY_BEGINS = 0x02;
    private static final int ENDS = 0x80;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;
    private static final int MOST = 5 * 1024 * 1024;
    private static final byte[] MASK = {(byte) 0x81, 2, (byte) 0xf3, 4};

    private final ManualExecutors executors = new ManualExecutors();
    private final SharedBudget budget = new SharedBudget(6 * 1024 * 1024);
    private final UnfinishedMessages unfinished =
            new UnfinishedMessages(budget, Duration.ofSeconds(30), executors.timer(), executors.delivery());
    private final Heard heard = new Heard();
    private final FrameReader reader = reader(heard);

    private FrameReader reader(Heard heard) {
        Caller caller = new Caller("192.0.2.1", false, List.of(), List.of());
        return new FrameReader(new FrameReader.Bounds(MOST, 1_000), unfinished.of(caller), heard);
    }

    private static final class Heard implements FrameReader.Receiver {
        private final List<Object> all = new ArrayList<>();

        @Override
        public void text(String text) {
            all.add(text);
        }

        @Override
        public void binary(byte[] bytes) {
            all.add(ByteBuffer.wrap(bytes));
        }

        @Override
        public void ping(byte[] data) {
            all.add("ping " + new String(data, StandardCharsets.ISO_8859_1));
        }

        @Override
        public void pong(byte[] data) {
            all.add("pong " + new String(data, StandardCharsets.ISO_8859_1));
        }

        @Override
        public void closed(OptionalInt code, String reason) {
            all.add("closed " + code.orElse(0) + " " + reason);
        }

        @Override
        public void violated(DisconnectCode code) {
            all.add(code);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 8, 13, 64, 1_000, 1_000_000})
    void whatever_the_pieces_the_messages_are_the_same(int piece) {
        byte[] random = new byte[70_001];
        new Random(3).nextBytes(random);
        byte[] sent = join(
                frame(BINARY, random),
                frame(TEXT, "ü€😀 and so on".getBytes(StandardCharsets.UTF_8)),
                frame(BINARY_BEGINS, Arrays.copyOf(random, 5)),
                frame(PING, new byte[] {'p'}),
                frame(ENDS, Arrays.copyOfRange(random, 5, 300)),
                frame(CLOSE, new byte[] {0x0f, (byte) 0xa0, 'b', 'y', 'e'}));
        for (int from = 0; from < sent.length; from += piece) {
            reader.read(ByteBuffer.wrap(sent, from, Math.min(piece, sent.length - from)));
        }

        assertThat(heard.all)
                .containsExactly(
                        ByteBuffer.wrap(random),
                        "ü€😀 and so on",
                        "ping p",
                        ByteBuffer.wrap(Arrays.copyOf(random, 300)),
                        "closed 4000 bye");
        assertThat(budget.taken()).isZero();
        assertThat(reader.closeSeen()).isTrue();
    }

    @Test
    void a_large_frame_that_drips_costs_a_few_times_its_size_and_not_its_square() {
        byte[] sent = frame(BINARY, new byte[MOST]);
        ByteBuffer octets = ByteBuffer.wrap(sent);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < sent.length; i++) {
            octets.limit(i + 1);
            reader.read(octets);
        }

        assertThat(heard.all).containsExactly(ByteBuffer.wrap(new byte[MOST]));
        // Doubled room is twice the size, and what reads an octet makes an object of some 16 bytes at most
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(25L * MOST);
    }

    @Test
    void room_is_made_for_what_has_come_and_not_for_what_was_announced() {
        reader.read(ByteBuffer.wrap(frame(BINARY, new byte[MOST]), 0, 1_000));

        assertThat(budget.taken()).isBetween(900L, 4_000L);
    }

    @Test
    void what_is_held_is_given_back_when_the_connection_ends() {
        reader.read(ByteBuffer.wrap(frame(BINARY, new byte[MOST]), 0, 1_000_000));
        assertThat(budget.taken()).isPositive();

        reader.drop();

        assertThat(budget.taken()).isZero();
    }

    @Test
    void what_is_held_is_given_back_when_a_rule_is_broken() {
        reader.read(ByteBuffer.wrap(frame(BINARY_BEGINS, new byte[1_000])));
        reader.read(ByteBuffer.wrap(frame(TEXT, new byte[1])));

        assertThat(heard.all).containsExactly(DisconnectCode.PROTOCOL_ERROR);
        assertThat(budget.taken()).isZero();
    }

    @Test
    void when_all_clients_together_hold_too_much_the_one_that_wants_more_is_told() {
        FrameReader other = reader(new Heard());
        other.read(ByteBuffer.wrap(frame(BINARY_BEGINS, new byte[4_000_000])));
        reader.read(ByteBuffer.wrap(frame(BINARY_BEGINS, new byte[3_000_000])));
        reader.read(ByteBuffer.wrap(frame(TEXT, new byte[1])));

        assertThat(heard.all).containsExactly(DisconnectCode.OVERLOADED);
        other.drop();
        assertThat(budget.taken()).isZero();
    }

    @Test
    void the_rest_of_a_large_message_is_large_and_what_follows_it_is_not() {
        ByteBuffer sent = ByteBuffer.wrap(frame(BINARY, new byte[100_000]));
        assertThat(reader.share()).isEqualTo(FrameReader.Share.SMALL);
        reader.read(sent.limit(1_000));
        assertThat(reader.share()).isEqualTo(FrameReader.Share.LARGE);
        reader.read(sent.limit(sent.capacity()));

        assertThat(heard.all).hasSize(1);
        assertThat(reader.share()).isEqualTo(FrameReader.Share.SMALL);
    }

    @Test
    void fragments_are_large_once_they_are_so_together() {
        reader.read(ByteBuffer.wrap(frame(BINARY_BEGINS, new byte[60_000])));
        assertThat(reader.share()).isEqualTo(FrameReader.Share.SMALL);
        reader.read(ByteBuffer.wrap(frame(0, new byte[10_000])));
        assertThat(reader.share()).isEqualTo(FrameReader.Share.LARGE);
        reader.read(ByteBuffer.wrap(frame(ENDS, new byte[10])));

        assertThat(reader.share()).isEqualTo(FrameReader.Share.SMALL);
    }

    @Test
    void what_comes_of_who_is_refused_is_thrown_away() {
        reader.read(ByteBuffer.wrap(frame(BINARY, new byte[MOST + 1]), 0, 20));

        assertThat(heard.all).containsExactly(DisconnectCode.TOO_LARGE);
        assertThat(reader.share()).isEqualTo(FrameReader.Share.THROWN_AWAY);
    }

    @Test
    void no_byte_that_cannot_be_passes_among_many_that_can() {
        for (int at = 0; at < 40; at++) {
            byte[] text = "x".repeat(40).getBytes(StandardCharsets.UTF_8);
            text[at] = (byte) 0xff;
            Heard one = new Heard();
            reader(one).read(ByteBuffer.wrap(frame(TEXT, text)));

            assertThat(one.all).as("at %s", at).containsExactly(DisconnectCode.INVALID_DATA);
        }
    }

    @Test
    void the_farewell_is_seen_also_behind_what_was_too_large() {
        byte[] sent = join(frame(BINARY, new byte[MOST + 1]), frame(CLOSE, new byte[] {3, (byte) 0xe8}));
        reader.read(ByteBuffer.wrap(sent));

        assertThat(heard.all).containsExactly(DisconnectCode.TOO_LARGE);
        assertThat(reader.closeSeen()).isTrue();
    }

    private static byte[] frame(int first, byte[] payload) {
        byte[] frame = RawSocket.frame(first, payload);
        int begin = frame.length - payload.length;
        System.arraycopy(MASK, 0, frame, begin - MASK.length, MASK.length);
        for (int i = 0; i < payload.length; i++) {
            frame[begin + i] ^= MASK[i % MASK.length];
        }
        return frame;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
