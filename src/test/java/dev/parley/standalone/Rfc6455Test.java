package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.frames.FrameCase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** The rules of WebSocket for frames, fragments, texts and farewells, as the table {@code rfc6455.txt} has them. */
@Timeout(60)
class Rfc6455Test {
    private static final int MOST_IN_OCTETS = 2_000;

    private static StandaloneServer server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = StandaloneServer.start(Map.of(
                "parley.port", "0",
                "parley.data", folder.toString(),
                "parley.limits.message-size", "100000",
                "parley.limits.inline-size", "1000",
                "parley.limits.fragments", "16"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvFileSource(
            resources = "/dev/parley/frames/rfc6455.txt",
            delimiter = '|',
            numLinesToSkip = 1,
            maxCharsPerColumn = 10_000)
    void a_client_is_answered_as_the_rfc_says(String section, String what, String sent, String answered)
            throws IOException {
        FrameCase frames = FrameCase.of(sent, answered);

        assertThat(answers(frames, Integer.MAX_VALUE)).isEqualTo(frames.expected());
        if (frames.size() <= MOST_IN_OCTETS && !frames.goesOnBehindAClose()) {
            assertThat(answers(frames, 1)).as("an octet at a time").isEqualTo(frames.expected());
        }
    }

    private static List<String> answers(FrameCase frames, int atOnce) throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            assertThat(socket.handshake("/echo")).startsWith("HTTP/1.1 101 ");
            return frames.answers(socket, atOnce);
        }
    }
}
