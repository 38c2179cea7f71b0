package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.parley.protocol.Command;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Reply;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A command is counted before it is worked on: what asks for too much costs no more than the reading up to there. */
class CommandLimitsTest {
    private static final int LARGEST_MESSAGE = 5 * 1024 * 1024;
    private static final int ALLOWED = 3 * 512 * 1024;
    private static final String SHORT_START = "{\"channel\":\"a\"}";

    @Test
    void a_subscribe_names_512_channels_by_the_longest_names() {
        Incoming read = only(subscribe(IntStream.range(0, 512)
                .mapToObj(i -> String.format(
                        Locale.ROOT, "{\"channel\":\"%0200d\",\"after\":\"0123456789abcdef:9007199254740991\"}", i))
                .toList()));

        assertThat(((Command.Subscribe) ((Incoming.Accepted) read).command()).starts())
                .hasSize(512);
    }

    @Test
    void the_513th_is_refused_by_the_command_s_id() {
        Incoming read = only(
                subscribe(IntStream.range(0, 513).mapToObj(i -> SHORT_START).toList()));

        assertThat(read)
                .isEqualTo(new Incoming.Rejected(
                        OptionalLong.of(7),
                        ErrorCode.TOO_LARGE,
                        "An array of a command holds 512 elements at most: for more there are several commands."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":7,\"subscribe\":[|{\"channel\":\"a\"},|{\"channel\":\"a\"}]}",
                "{\"id\":7,\"subscribe\":[|{},|{}]}",
                "{\"id\":7,\"subscribe\":[|[],|[]]}",
                "{\"id\":7,\"subscribe\":[|1,|1]}",
                "{\"id\":7,\"subscribe\":{\"channel\":\"|a|\"}}",
                "{\"id\":7,\"subscribe\":{\"channel\":|9|}}",
                "{\"id\":7,\"ping\":{\"|b|\":1}}",
                "{\"id\":7,\"ping\":{\"later\":[|[[[[]]]],|0]}}",
                "{\"id\":7,\"ping\":{|      |}}",
                "{\"id\":7,\"connect\":{\"token\":\"|ey|\"}}"
            })
    void five_megabytes_of_it_cost_no_more_than_the_reading_up_to_the_bound(String pattern) {
        String[] parts = pattern.split("\\|", -1);
        String line = parts[0] + parts[1].repeat(LARGEST_MESSAGE / parts[1].length()) + parts[2];
        only(line); // What is loaded at first is not this command's

        long before = allocated();
        Incoming read = only(line);
        long cost = allocated() - before;

        assertThat(((Incoming.Rejected) read).code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(((Incoming.Rejected) read).id()).hasValue(7);
        assertThat(cost).as("bytes").isLessThan(ALLOWED);
    }

    @Test
    void five_megabytes_of_different_members_cost_no_more() {
        String members = IntStream.range(0, LARGEST_MESSAGE / 11)
                .mapToObj(i -> String.format(Locale.ROOT, "\"%08d\":0", i))
                .collect(Collectors.joining(","));
        String line = "{\"id\":7,\"ping\":{" + members + "}}";

        long before = allocated();
        Incoming read = only(line);
        long cost = allocated() - before;

        assertThat(((Incoming.Rejected) read).code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(cost).as("bytes").isLessThan(8 * ALLOWED);
    }

    @Test
    void data_may_be_as_long_as_a_message_wherever_it_stands() {
        String data = "[" + "1234567,".repeat(LARGEST_MESSAGE / 8 - 1) + "0]";

        assertThat(only("{\"id\":7,\"publish\":{\"data\":" + data + ",\"channel\":\"a\"}}"))
                .isEqualTo(only("{\"publish\":{\"channel\":\"a\",\"data\":" + data + "},\"id\":7}"))
                .isInstanceOf(Incoming.Accepted.class);
    }

    @Test
    void what_stands_behind_the_data_is_counted_too() {
        String behind = "{\"id\":7,\"publish\":{\"channel\":\"a\",\"data\":\"" + "d".repeat(100_000) + "\",\"x\":\""
                + "x".repeat(LARGEST_MESSAGE) + "\"}}";

        assertThat(((Incoming.Rejected) only(behind)).code()).isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void a_command_of_bytes_is_bounded_by_its_line() {
        String line =
                "{\"id\":7,\"publish\":{\"channel\":\"a\",\"type\":\"image/png\",\"x\":[" + "1,".repeat(600) + "1]}}\n";

        Incoming read = CommandReader.read(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));

        assertThat(((Incoming.Rejected) read).code()).isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void what_a_server_says_is_read_whatever_its_length() {
        String result = "{\"channel\":\"a\",\"position\":\"e:1\",\"head\":\"e:1\",\"recovered\":true}";
        String line = "{\"id\":7,\"subscribed\":[" + (result + ",").repeat(9_999) + result + "]}";

        assertThat(((Reply.Subscribed) ServerReader.read(line).get(0)).subscriptions())
                .hasSize(10_000);
    }

    private static String subscribe(List<String> starts) {
        return "{\"id\":7,\"subscribe\":[" + String.join(",", starts) + "]}";
    }

    private static Incoming only(String line) {
        List<Incoming> read = new ArrayList<>();
        CommandReader.read(line).forEach(read::add);
        assertThat(read).hasSize(1);
        return read.get(0);
    }

    /** By this thread, in bytes. */
    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
