package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.parley.security.Guard;
import dev.parley.testing.Scale;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that come and go, in every way there is to go, leave nothing behind. */
@Tag("scaled")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class ConnectionRoundsTest {
    private static final int ROUNDS = Scale.of(300, 1_000, 20_000);

    /** Whom a thread or a pool still remembers as the last it had to do with. */
    private static final int LAST_ONES = 50;

    private static final byte[] FAREWELL = RawSocket.frame(0x88, new byte[] {3, (byte) 0xe8});
    private static final byte[] SUBSCRIBE = RawSocket.frame(
            0x81, "{\"id\":1,\"subscribe\":{\"channel\":\"chat.rounds\"}}".getBytes(StandardCharsets.UTF_8));

    /** Of what there is one a connection. */
    private static final List<String> KINDS = List.of(
            "dev.parley.frames.WebSocketConnection",
            "dev.parley.frames.FrameReader",
            "dev.parley.connection.Connection",
            "dev.parley.channel.Subscription",
            "dev.parley.websocket.EchoSession",
            "org.glassfish.tyrus.core.TyrusSession",
            "org.glassfish.grizzly.nio.transport.TCPNIOConnection");

    @Test
    void after_many_rounds_nothing_is_left(@TempDir Path folder) throws Exception {
        try (StandaloneServer server = StandaloneServer.start(Map.of(
                "parley.port", "0", "parley.data", folder.toString(), "parley.limits.connections-per-address", "50"))) {
            assertEachKindIsThere(server);
            rounds(server, 100);
            await().until(() -> server.bean(Guard.class).connections() == 0);
            int threads = ManagementFactory.getThreadMXBean().getThreadCount();
            long files = files();
            Map<String, Long> before = new HashMap<>();
            for (String kind : KINDS) {
                before.put(kind, instances(kind));
            }

            rounds(server, ROUNDS);

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> server.bean(Guard.class).connections() == 0);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(KINDS)
                            .allSatisfy(kind ->
                                    assertThat(instances(kind)).as(kind).isLessThan(before.get(kind) + LAST_ONES)));
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(files()).isLessThanOrEqualTo(files + 2);
                assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThanOrEqualTo(threads + 4);
            });
        }
    }

    /** Of what is called otherwise there would be none, however many were left. */
    private static void assertEachKindIsThere(StandaloneServer server) throws Exception {
        try (RawSocket echo = RawSocket.open(server.port());
                RawSocket channels = RawSocket.open(server.port())) {
            echo.handshake("/echo");
            echo.send(RawSocket.frame(0x81, new byte[] {'a'})).read(3);
            channels.handshake("/channels", "Sec-WebSocket-Protocol: v1.parley");
            channels.send(SUBSCRIBE).read(3);
            for (String kind : KINDS) {
                assertThat(instances(kind)).as(kind).isPositive();
            }
        }
    }

    private static void rounds(StandaloneServer server, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            try (RawSocket socket = RawSocket.open(server.port())) {
                boolean echo = i % 2 == 0;
                assertThat(socket.handshake(echo ? "/echo" : "/channels", "Sec-WebSocket-Protocol: v1.parley"))
                        .startsWith("HTTP/1.1 101 ");
                socket.send(echo ? RawSocket.frame(0x81, new byte[] {'a'}) : SUBSCRIBE);
                socket.read(3);
                switch (i % 5) {
                    case 0, 1 -> socket.send(FAREWELL).readAll();
                    case 2 -> socket.halfClose();
                    case 3 -> socket.send(new byte[] {(byte) 0x82, (byte) 0xff, 0, 0});
                    default -> {
                        // gone without a word
                    }
                }
            }
        }
    }

    private static long files() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    /** That are alive. */
    private static long instances(String type) throws JMException {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        Matcher line = Pattern.compile("\\s(\\d+)\\s+\\d+\\s+" + Pattern.quote(type) + "[\\s(]")
                .matcher(histogram);
        return line.find() ? Long.parseLong(line.group(1)) : 0;
    }
}
