package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.Figures;
import dev.parley.testing.Scale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a connection costs that says nothing: a subscription to one channel, and what the server must keep for it. */
@Tag("scaled")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class IdleConnectionsIT {
    private static final int COUNT = Scale.of(1_000, 5_000, 18_000);
    private static final int WARM_UP = 100;
    private static final int MOST_BYTES = 12 * 1024;

    @TempDir
    private static Path folder;

    @Test
    void an_idle_connection_with_a_subscription_costs_less_than_12_KB() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        List<RawWebSocketClient> clients = new ArrayList<>();
        try (ServerProcess server = ServerProcess.start(data, Map.of("parley.ping.interval", "1h"))) {
            try {
                subscribe(server, WARM_UP, clients);
                ServerProcess.Memory before = server.memory();
                subscribe(server, COUNT, clients);
                ServerProcess.Memory after = server.memory();

                long each = (after.heap() - before.heap()) / COUNT;
                Figures.print("an idle connection with a subscription: " + each + " bytes of heap, "
                        + (after.direct() - before.direct()) / COUNT + " beside it");
                assertThat(each).isLessThan(MOST_BYTES);
            } finally {
                for (RawWebSocketClient client : clients) {
                    client.close();
                }
            }
        }
    }

    private static void subscribe(ServerProcess server, int count, List<RawWebSocketClient> clients)
            throws IOException {
        for (int i = 0; i < count; i++) {
            RawWebSocketClient client = RawWebSocketClient.open(server.uri());
            clients.add(client);
            assertThat(client.handshake("/channels")).startsWith("HTTP/1.1 101 ");
            client.send("{\"id\":1,\"subscribe\":{\"channel\":\"idle.room\"}}");
            assertThat(client.next().orElseThrow().text()).contains("subscribed");
        }
    }
}
