package dev.parley.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinaryCommandTest {
    private static final byte[] CONTENT = {'\n', 0, -1, (byte) 0x89, '\n'};

    @Test
    void theLineNamesChannelAndTypeAndTheRestIsTheBytesAsTheyAre() {
        String line = "{\"id\":3,\"publish\":{\"channel\":\"a\",\"key\":\"k\",\"type\":\"image/png\"}}";

        assertThat(CommandReader.read(message(line)))
                .isEqualTo(new Incoming.Accepted(new Command.Publish(
                        3, "a", Optional.of("k"), new Body.Binary("image/png", Bytes.wrap(CONTENT)))));
    }

    @Test
    void noBytesAtAllAreBytesToo() {
        ByteBuffer message =
                ByteBuffer.wrap("{\"id\":3,\"publish\":{\"channel\":\"a\",\"type\":\"text/plain\"}}\n".getBytes(UTF_8));

        assertThat(CommandReader.read(message))
                .isEqualTo(new Incoming.Accepted(new Command.Publish(
                        3, "a", Optional.empty(), new Body.Binary("text/plain", Bytes.wrap(new byte[0])))));
    }

    @Test
    void theBytesAreACopySoTheContainerMayUseItsBufferAgain() {
        byte[] shared = new byte[200];
        ByteBuffer message = message("{\"id\":3,\"publish\":{\"channel\":\"a\",\"type\":\"a/b\"}}");
        int length = message.remaining();
        ByteBuffer window = ByteBuffer.wrap(shared, 50, length);
        window.put(message).position(50);

        Incoming read = CommandReader.read(window);
        java.util.Arrays.fill(shared, (byte) 'x');

        assertThat(read)
                .isEqualTo(new Incoming.Accepted(
                        new Command.Publish(3, "a", Optional.empty(), new Body.Binary("a/b", Bytes.wrap(CONTENT)))));
        assertThat(window.position()).isEqualTo(50);
        assertThat(window.remaining()).isEqualTo(length);
    }

    @Test
    void withoutANewlineThereIsNoLine() {
        assertThat(code(ByteBuffer.wrap(new byte[0]))).isEqualTo(ErrorCode.MALFORMED);
        assertThat(code(ByteBuffer.wrap(new byte[10_000_000]))).isEqualTo(ErrorCode.MALFORMED);
        assertThat(code(ByteBuffer.wrap("{\"id\":3,\"publish\":{\"channel\":\"a\",\"type\":\"a/b\"}}".getBytes(UTF_8))))
                .isEqualTo(ErrorCode.MALFORMED);
    }

    @Test
    void theLineIsAsLongAsItsBoundAndNoLonger() {
        String line = "{\"id\":3,\"publish\":{\"channel\":\"a\",\"type\":\"a/b\"}}";

        assertThat(CommandReader.read(message(line + " ".repeat(4_096 - line.length()))))
                .isInstanceOf(Incoming.Accepted.class);
        assertThat(code(message(line + " ".repeat(4_097 - line.length())))).isEqualTo(ErrorCode.MALFORMED);
    }

    @Test
    void aLineThatIsNotUtf8IsMalformed() {
        byte[] bytes = "{\"id\":3,\"publish\":{\"channel\":\"a\",\"key\":\"?\",\"type\":\"a/b\"}}\n".getBytes(UTF_8);
        bytes[new String(bytes, UTF_8).indexOf('?')] = (byte) 0xff;

        assertThat(code(ByteBuffer.wrap(bytes))).isEqualTo(ErrorCode.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"id":3,"ping":{}}                                             | malformed
            {"id":3,"subscribe":[{"channel":"a"}]}                         | malformed
            {"id":3,"publish":{"channel":"a"}}                             | malformed
            {"id":3,"publish":{"channel":"a","type":"a/b","data":1}}       | malformed
            {"id":3,"publish":{"channel":"a","type":"a/b","data":null}}    | malformed
            {"id":3,"publish":{"channel":"a","type":7}}                    | malformed
            {"id":3,"publish":{"channel":"a","type":""}}                   | invalid-name
            {"id":3,"publish":{"channel":"a","type":"png"}}                | invalid-name
            {"id":3,"publish":{"channel":"a","type":"a/b\\r\\nc: d"}}      | invalid-name
            {"id":3,"fly":{}}                                              | unknown-command
            nonsense                                                       | malformed
            """)
    void aLineWithAFaultIsRejected(String line, String expected) {
        assertThat(code(message(line)).label()).isEqualTo(expected);
    }

    private static ErrorCode code(ByteBuffer message) {
        Incoming incoming = CommandReader.read(message);
        assertThat(incoming).isInstanceOf(Incoming.Rejected.class);
        return ((Incoming.Rejected) incoming).code();
    }

    private static ByteBuffer message(String line) {
        byte[] header = (line + "\n").getBytes(UTF_8);
        return ByteBuffer.allocate(header.length + CONTENT.length)
                .put(header)
                .put(CONTENT)
                .flip();
    }
}
