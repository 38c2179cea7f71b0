package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Reply;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What one version of the server writes, a client of another reads. */
class ServerReaderTest {
    private static final Optional<Instant> EXPIRES = Optional.of(Instant.parse("2026-11-22T08:21:00Z"));

    @Test
    void what_is_said_of_expiry_is_read_as_it_was_written() {
        Reply connected = new Reply.Connected(1, "c7f", "ann", Optional.empty(), EXPIRES);
        Reply forever = new Reply.Connected(2, "c7f", "guest-1", Optional.of("s3"), Optional.empty());
        Reply refreshed = new Reply.Refreshed(3, EXPIRES);
        Reply refreshedForever = new Reply.Refreshed(4, Optional.empty());

        assertThat(ServerReader.read(WireWriter.write(connected) + "\n" + WireWriter.write(forever) + "\n"
                        + WireWriter.write(refreshed) + "\n" + WireWriter.write(refreshedForever)))
                .containsExactly(connected, forever, refreshed, refreshedForever);
    }

    @Test
    void an_answer_that_cannot_be_read_is_a_failure_of_its_command() {
        assertThat(ServerReader.read("{\"id\":6,\"refreshed\":{\"expires\":\"soon\"}}\n{\"id\":7,\"pong\":{}}"))
                .containsExactly(
                        new Reply.Failed(
                                OptionalLong.of(6),
                                ErrorCode.INTERNAL,
                                "The server's answer cannot be read. refreshed.expires must be a time."),
                        new Reply.Pong(7));
    }
}
