package dev.parley.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.protocol.DisconnectCode;
import dev.parley.security.Caller;
import dev.parley.security.Holder;
import dev.parley.security.SharedBudget;
import dev.parley.standalone.RawSocket;
import dev.parley.testing.ManualExecutors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that are handed on as they come: where they are cut, when they are held up, what is held of them. */
class MessagePartsTest {
    private static final String SMILES = "aü€\ud83d\ude00".repeat(20_000);
    private static final int WHOLE = 1_000;

    private final ManualExecutors executors = new ManualExecutors();
    private final SharedBudget budget = new SharedBudget(100_000);
    private final UnfinishedMessages unfinished =
            new UnfinishedMessages(budget, Duration.ofSeconds(30), executors.timer(), executors.delivery());
    private final Heard heard = new Heard();
    private final FrameReader reader = new FrameReader(
            new FrameReader.Bounds(WHOLE, 10, true),
            unfinished.of(new Caller("192.0.2.1", false, List.of(), List.of())),
            heard);

    /** Takes everything in parts, and not more than it may. */
    private static final class Heard implements FrameReader.Receiver {
        private final StringBuilder text = new StringBuilder();
        private final List<Integer> sizes = new ArrayList<>();
        private final List<String> events = new ArrayList<>();
        private int most = Integer.MAX_VALUE;

        @Override
        public Intake intake(boolean isText) {
            return Intake.PARTS;
        }

        @Override
        public boolean isHeld() {
            return sizes.size() >= most;
        }

        @Override
        public void textPart(String part, boolean last) {
            assertThat(part).isEqualTo(UnicodeSocket.wellFormed(part));
            text.append(part);
            sizes.add(part.length());
            if (last) {
                events.add("end");
            }
        }

        @Override
        public void binaryPart(byte[] part, boolean last) {
            textPart(new String(part, StandardCharsets.ISO_8859_1), last);
        }

        @Override
        public void dropped() {
            events.add("dropped");
        }

        @Override
        public void text(String whole) {
            throw new AssertionError(whole);
        }

        @Override
        public void binary(byte[] bytes) {
            throw new AssertionError();
        }

        @Override
        public void ping(byte[] data) {
            events.add("ping");
        }

        @Override
        public void pong(byte[] data) {}

        @Override
        public void closed(OptionalInt code, String reason) {
            events.add("closed");
        }

        @Override
        public void violated(DisconnectCode code) {
            events.add(code.name());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 1_000, 65_537})
    void whatever_the_frames_no_character_is_cut_and_nothing_is_held(int frame) {
        byte[] bytes = SMILES.getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < bytes.length; from += frame) {
            int to = Math.min(from + frame, bytes.length);
            reader.read(ByteBuffer.wrap(RawSocket.frame(
                    (from == 0 ? 1 : 0) | (to == bytes.length ? 0x80 : 0), Arrays.copyOfRange(bytes, from, to))));
            assertThat(budget.taken()).isZero();
        }

        assertThat(heard.text.toString()).isEqualTo(SMILES);
        assertThat(heard.events).containsExactly("end");
    }

    @Test
    void a_large_frame_comes_in_parts_whatever_the_pieces_of_it() {
        ByteBuffer frame = ByteBuffer.wrap(RawSocket.frame(0x81, SMILES.getBytes(StandardCharsets.UTF_8)));
        int end = frame.limit();
        while (frame.position() < end) {
            frame.limit(Math.min(end, frame.position() + 7_777));
            reader.read(frame);
            assertThat(budget.taken()).isLessThanOrEqualTo(64 * 1024);
        }

        assertThat(heard.text.toString()).isEqualTo(SMILES);
        assertThat(heard.sizes).hasSize(4);
        assertThat(heard.events).containsExactly("end");
    }

    @Test
    void what_is_held_up_is_not_read() {
        heard.most = 2;
        ByteBuffer sent = ByteBuffer.wrap(join(
                RawSocket.frame(0x02, new byte[70_000]),
                RawSocket.frame(0x89, new byte[0]),
                RawSocket.frame(0x80, new byte[5])));
        reader.read(sent);
        assertThat(heard.sizes).containsExactly(65_536, 4_464);
        assertThat(sent.hasRemaining()).isTrue();
        assertThat(heard.events).isEmpty();

        heard.most = 3;
        reader.read(sent);
        assertThat(heard.sizes).containsExactly(65_536, 4_464, 5);
        assertThat(heard.events).containsExactly("ping", "end");
    }

    @Test
    void a_compressed_message_comes_in_parts_and_is_never_held_whole() {
        byte[] deflated = deflated("x".repeat(3_000_000).getBytes(StandardCharsets.US_ASCII));
        int cut = deflated.length / 3;
        reader.read(ByteBuffer.wrap(RawSocket.frame(0x41, Arrays.copyOf(deflated, cut))));
        assertThat(heard.sizes).isNotEmpty();
        reader.read(ByteBuffer.wrap(RawSocket.frame(0x80, Arrays.copyOfRange(deflated, cut, deflated.length))));

        assertThat(heard.text).hasSize(3_000_000);
        assertThat(heard.sizes).allMatch(size -> size <= 16 * 1024);
        assertThat(heard.events).containsExactly("end");
    }

    @Test
    void what_is_no_text_or_not_compressed_is_refused() {
        reader.read(ByteBuffer.wrap(RawSocket.frame(0x01, new byte[] {'a', (byte) 0xff})));
        assertThat(heard.events).containsExactly("dropped", DisconnectCode.INVALID_DATA.name());
    }

    @Test
    void a_text_that_ends_within_a_character_is_refused() {
        reader.read(ByteBuffer.wrap(RawSocket.frame(0x01, new byte[] {'a', (byte) 0xc3})));
        reader.read(ByteBuffer.wrap(RawSocket.frame(0x80, new byte[0])));
        assertThat(heard.events).containsExactly("dropped", DisconnectCode.INVALID_DATA.name());
    }

    @Test
    void a_farewell_in_the_middle_says_that_the_rest_will_not_come() {
        reader.read(ByteBuffer.wrap(RawSocket.frame(0x01, new byte[] {'a'})));
        reader.read(ByteBuffer.wrap(RawSocket.frame(0x88, new byte[0])));
        assertThat(heard.events).containsExactly("dropped", "closed");
    }

    @Test
    void who_fills_a_queue_is_told_when_there_is_room_and_who_reads_it_when_it_is_cut() throws IOException {
        AtomicInteger room = new AtomicInteger();
        PartQueue<String> parts = new PartQueue<>(memory(), room::incrementAndGet);
        parts.add("a".repeat(64 * 1024), 64 * 1024, false);
        assertThat(parts.isFull()).isTrue();
        try (PartReader text = new PartReader(parts)) {
            assertThat(text.read()).isEqualTo('a');
            assertThat(room).hasValue(1);
            assertThat(parts.isFull()).isFalse();
            assertThat(text.skip(64 * 1024 - 1)).isEqualTo(64 * 1024 - 1);
            parts.cut();
            assertThatThrownBy(text::read).isInstanceOf(IOException.class);
        }
    }

    @Test
    void what_nobody_reads_any_more_fills_nothing() {
        AtomicInteger room = new AtomicInteger();
        PartQueue<byte[]> parts = new PartQueue<>(memory(), room::incrementAndGet);
        parts.add(new byte[64 * 1024], 64 * 1024, false);
        new PartInputStream(parts).close();
        parts.add(new byte[64 * 1024], 64 * 1024, false);

        assertThat(parts.isFull()).isFalse();
        assertThat(room).hasValue(1);
    }

    private static SharedBudget.Reservation memory() {
        return new SharedBudget(1024 * 1024).open(Holder.ofAddress("192.0.2.1"), () -> {});
    }

    private static byte[] deflated(byte[] bytes) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(bytes);
        byte[] out = new byte[bytes.length + 100];
        int count = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, count - Deflate.TAIL.length);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }
}
