package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.Figures;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM: everybody is told to come back, and finds what was acknowledged. */
@Timeout(120)
class StopIT {
    private static final int ENDED_BY_SIGTERM = 128 + 15;

    /** Whoever is still there when the clients have been sent away is waited for, but not for long. */
    private static final Map<String, String> SETTINGS = Map.of(
            "parley.channels.stop.history-size", "1000000",
            "parley.drain.spread", "1s",
            "parley.drain.wait", "1s");

    @TempDir
    private Path folder;

    @Test
    void everybody_is_told_to_come_back_and_finds_everything() throws Exception {
        AtomicReference<ServerProcess> server = new AtomicReference<>(start());
        try (TestClient idle = TestClient.open(server.get().uri());
                RawWebSocketClient silent = RawWebSocketClient.open(server.get().uri())) {
            idle.subscribe("stop.a");
            // It answers no close frame either
            silent.handshake("/channels");
            ChannelLoad crowd = new ChannelLoad(() -> server.get().uri(), "stop", 5, 10);
            crowd.awaitMoreAcknowledged(300);

            assertThat(server.get().terminate()).isEqualTo(ENDED_BY_SIGTERM);

            assertThat(idle.awaitClosing()).isEqualTo(new TestClient.Closing(1012, "restart; reconnect"));
            List<JsonObject> pushes = idle.pushes();
            JsonObject last = pushes.get(pushes.size() - 1).getJsonObject("disconnect");
            assertThat(last.getInt("code")).isEqualTo(1012);
            assertThat(last.getString("name")).isEqualTo("restart");
            assertThat(last.getBoolean("reconnect")).isTrue();
            server.set(start());
            crowd.awaitMoreAcknowledged(300);
            Figures.print("SIGTERM under load: " + crowd.assertPromisesKept());
        } finally {
            server.get().close();
        }
    }

    private ServerProcess start() {
        return ServerProcess.start(folder.resolve("data"), SETTINGS);
    }
}
