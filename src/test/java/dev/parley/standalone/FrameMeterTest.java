package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.DisconnectCode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameMeterTest {
    private static final int TEXT = 0x81;
    private static final int TEXT_BEGINS = 0x01;
    private static final int CONTINUES = 0x00;
    private static final int ENDS = 0x80;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;

    private final FrameMeter meter = new FrameMeter(100_000);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, 100_000})
    void aMessageUpToTheLimitPassesWhateverTheFormOfItsLength(int size) {
        assertThat(read(frame(TEXT, size), frame(PING, 4), frame(TEXT, size))).isEmpty();
        assertThat(meter.closeSeen()).isFalse();
    }

    @Test
    void oneByteMoreIsTooLarge() {
        assertThat(read(frame(TEXT, 100_001))).contains(DisconnectCode.TOO_LARGE);
    }

    @Test
    void itIsToldAtTheHeaderWhereItBegins() {
        byte[] first = frame(TEXT, 10);
        byte[] header = {(byte) TEXT, (byte) 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

        Optional<FrameMeter.Violation> violation = meter.read(ByteBuffer.wrap(join(first, header)));

        assertThat(violation).contains(new FrameMeter.Violation(DisconnectCode.TOO_LARGE, first.length));
    }

    @Test
    void aLengthWithTheHighestBitIsTooLarge() {
        assertThat(read(new byte[] {(byte) TEXT, (byte) 0xff, (byte) 0x80, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0}))
                .contains(DisconnectCode.TOO_LARGE);
    }

    @Test
    void fragmentsCountTogetherAndPingsBetweenThemDoNot() {
        assertThat(read(frame(TEXT_BEGINS, 50_000), frame(PING, 125), frame(ENDS, 50_000)))
                .isEmpty();
        assertThat(read(frame(TEXT_BEGINS, 50_000), frame(CONTINUES, 50_000), frame(ENDS, 1)))
                .contains(DisconnectCode.TOO_LARGE);
    }

    @Test
    void fragmentsOfNothingDoNotGoOnForEver() {
        assertThat(read(frame(TEXT_BEGINS, 0))).isEmpty();
        Optional<DisconnectCode> violation = Optional.empty();
        int count = 0;
        while (violation.isEmpty() && count < 100_000) {
            violation = read(frame(CONTINUES, 0));
            count++;
        }

        assertThat(violation).contains(DisconnectCode.TOO_LARGE);
        assertThat(count).isEqualTo(16_384);
    }

    @Test
    void aFrameThatIsNotMaskedBreaksTheRules() {
        assertThat(read(new byte[] {(byte) TEXT, 1, 'a'})).contains(DisconnectCode.PROTOCOL_ERROR);
    }

    @Test
    void aControlFrameOfMoreThan125BytesBreaksTheRules() {
        assertThat(read(frame(PING, 126))).contains(DisconnectCode.PROTOCOL_ERROR);
    }

    @Test
    void theCloseFrameIsSeenAlsoBehindWhatWasTooLarge() {
        assertThat(read(frame(TEXT, 300_000), frame(CLOSE, 2))).contains(DisconnectCode.TOO_LARGE);
        assertThat(meter.closeSeen()).isTrue();
    }

    @Test
    void aByteAtATimeIsTheSame() {
        byte[] bytes = join(frame(TEXT, 70_000), frame(TEXT_BEGINS, 200), frame(ENDS, 130), frame(TEXT, 100_001));
        int before = bytes.length - 100_001;
        for (int i = 0; i < before - 1; i++) {
            assertThat(read(new byte[] {bytes[i]})).isEmpty();
        }

        assertThat(read(new byte[] {bytes[before - 1]})).contains(DisconnectCode.TOO_LARGE);
    }

    @Test
    void theBufferIsLeftAsItWas() {
        ByteBuffer buffer = ByteBuffer.wrap(join(new byte[3], frame(TEXT, 10)));
        buffer.position(3);

        assertThat(meter.read(buffer)).isEmpty();
        assertThat(buffer.position()).isEqualTo(3);
        assertThat(buffer.remaining()).isEqualTo(16);
    }

    private Optional<DisconnectCode> read(byte[]... parts) {
        return meter.read(ByteBuffer.wrap(join(parts))).map(FrameMeter.Violation::code);
    }

    private static byte[] frame(int first, int size) {
        return RawSocket.frame(first, new byte[size]);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
