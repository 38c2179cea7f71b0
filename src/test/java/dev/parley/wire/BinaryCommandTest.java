package dev.parley.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.Command;
import dev.parley.protocol.ErrorCode;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinaryCommandTest {
    private static final Incoming NO_LINE =
            malformed("A binary message is one line of JSON of up to 4096 bytes, a newline, and the bytes.");
    private static final Incoming NO_LINE_OF_3 =
            new Incoming.Rejected(OptionalLong.of(3), ErrorCode.MALFORMED, ((Incoming.Rejected) NO_LINE).message());
    private static final byte[] CONTENT = {'\n', 0, -1, (byte) 0x89, '\n'};

    @Test
    void the_line_names_channel_and_type_and_the_rest_is_the_bytes_as_they_are() {
        String line = "{\"id\":3,\"publish\":{\"channel\":\"a\",\"key\":\"k\",\"type\":\"image/png\"}}";

        assertThat(CommandReader.read(message(line)))
                .isEqualTo(new Incoming.Accepted(new Command.Publish(
                        3, "a", Optional.of("k"), new Body.Binary("image/png", Bytes.wrap(CONTENT)))));
    }

    @Test
    void no_bytes_at_all_are_bytes_too() {
        ByteBuffer message =
                ByteBuffer.wrap("{\"id\":3,\"publish\":{\"channel\":\"a\",\"type\":\"text/plain\"}}\n".getBytes(UTF_8));

        assertThat(CommandReader.read(message))
                .isEqualTo(new Incoming.Accepted(new Command.Publish(
                        3, "a", Optional.empty(), new Body.Binary("text/plain", Bytes.wrap(new byte[0])))));
    }

    @Test
    void the_bytes_are_a_copy_so_the_container_may_use_its_buffer_again() {
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
    void without_a_newline_there_is_no_line() {
        assertThat(CommandReader.read(ByteBuffer.wrap(new byte[0]))).isEqualTo(NO_LINE);
        assertThat(CommandReader.read(ByteBuffer.wrap(new byte[10_000_000]))).isEqualTo(NO_LINE);
        assertThat(CommandReader.read(
                        ByteBuffer.wrap("{\"id\":3,\"publish\":{\"channel\":\"a\",\"type\":\"a/b\"}}".getBytes(UTF_8))))
                .isEqualTo(NO_LINE_OF_3);
    }

    @Test
    void the_line_is_as_long_as_its_bound_and_no_longer() {
        String line = "{\"id\":3,\"publish\":{\"channel\":\"a\",\"type\":\"a/b\"}}";

        assertThat(CommandReader.read(message(line + " ".repeat(4_096 - line.length()))))
                .isEqualTo(new Incoming.Accepted(
                        new Command.Publish(3, "a", Optional.empty(), new Body.Binary("a/b", Bytes.wrap(CONTENT)))));
        assertThat(CommandReader.read(message(line + " ".repeat(4_097 - line.length()))))
                .isEqualTo(NO_LINE_OF_3);
    }

    @Test
    void a_line_that_is_not_utf8_is_malformed() {
        byte[] bytes = "{\"id\":3,\"publish\":{\"channel\":\"a\",\"key\":\"?\",\"type\":\"a/b\"}}\n".getBytes(UTF_8);
        bytes[new String(bytes, UTF_8).indexOf('?')] = (byte) 0xff;

        assertThat(CommandReader.read(ByteBuffer.wrap(bytes)))
                .isEqualTo(new Incoming.Rejected(
                        OptionalLong.of(3), ErrorCode.MALFORMED, "The line of a binary message is not UTF-8."));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"id":3,"ping":{}}                                          | MALFORMED | Only publish may be a binary message.
            {"id":3,"subscribe":[{"channel":"a"}]}                      | MALFORMED | Only publish may be a binary message.
            {"id":3,"publish":{"channel":"a"}}                          | MALFORMED | publish.type must be text.
            {"id":3,"publish":{"channel":"a","type":"a/b","data":1}}    | MALFORMED | A binary message has bytes, and so no data.
            {"id":3,"publish":{"channel":"a","type":"a/b","data":null}} | MALFORMED | A binary message has bytes, and so no data.
            {"id":3,"publish":{"channel":"a","type":7}}                 | MALFORMED | publish.type must be text.
            {"id":3,"publish":{"channel":"a","type":""}}                | INVALID_NAME | A type is a media type such as image/png.
            {"id":3,"publish":{"channel":"a","type":"png"}}             | INVALID_NAME | A type is a media type such as image/png.
            {"id":3,"publish":{"channel":"a","type":"a/b\\r\\nc: d"}}   | INVALID_NAME | A type is a media type such as image/png.
            {"id":3,"fly":{}}                                           | UNKNOWN_COMMAND | There is no such command.
            """)
    void aLineWithAFaultIsRejectedByItsId(String line, ErrorCode code, String sentence) {
        assertThat(CommandReader.read(message(line)))
                .isEqualTo(new Incoming.Rejected(OptionalLong.of(3), code, sentence));
    }

    @Test
    void a_line_that_is_no_command_is_malformed() {
        assertThat(CommandReader.read(message("nonsense")))
                .isEqualTo(malformed("Not JSON: something is wrong at column 2."));
    }

    private static Incoming malformed(String sentence) {
        return new Incoming.Rejected(OptionalLong.empty(), ErrorCode.MALFORMED, sentence);
    }

    private static ByteBuffer message(String line) {
        byte[] header = (line + "\n").getBytes(UTF_8);
        return ByteBuffer.allocate(header.length + CONTENT.length)
                .put(header)
                .put(CONTENT)
                .flip();
    }
}
