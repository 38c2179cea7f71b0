package dev.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.testing.ChaosProxy.Deed;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChaosProxyTest {
    private ServerSocket server;
    private ChaosProxy proxy;
    private final List<Socket> served = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        proxy = ChaosProxy.to(server.getLocalPort(), 7);
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        for (Socket socket : served) {
            socket.close();
        }
        server.close();
    }

    @Test
    void it_carries_bytes_both_ways_and_the_end_of_either_side() throws IOException {
        try (Socket client = connect()) {
            Socket far = accept();
            client.getOutputStream().write("there".getBytes(StandardCharsets.UTF_8));
            assertThat(far.getInputStream().readNBytes(5)).asString().isEqualTo("there");
            far.getOutputStream().write("and back".getBytes(StandardCharsets.UTF_8));
            far.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("and back");
            client.shutdownOutput();
            assertThat(far.getInputStream().read()).isEqualTo(-1);
        }
        await().until(() -> proxy.open() == 0);
        assertThat(proxy.count(Deed.CONNECTED)).isEqualTo(1);
    }

    @Test
    void more_than_its_memory_is_carried_whole_to_one_who_reads_late() throws Exception {
        byte[] much = new byte[3_000_000];
        new java.util.Random(1).nextBytes(much);
        try (Socket client = connect()) {
            Socket far = accept();
            Thread writer = new Thread(() -> {
                try {
                    client.getOutputStream().write(much);
                    client.shutdownOutput();
                } catch (IOException e) {
                    // the reader sees that something is missing
                }
            });
            writer.start();
            assertThat(far.getInputStream().readAllBytes()).isEqualTo(much);
            writer.join();
        }
    }

    @Test
    void a_cut_closes_both_sides() throws IOException {
        try (Socket client = connect()) {
            Socket far = accept();
            proxy.cut();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(far.getInputStream().read()).isEqualTo(-1);
            assertThat(proxy.count(Deed.CUT)).isEqualTo(1);
            assertThat(proxy.open()).isZero();
        }
    }

    @Test
    void a_reset_is_one_for_both_sides() throws IOException {
        try (Socket client = connect()) {
            InputStream far = accept().getInputStream();
            proxy.reset();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThatThrownBy(far::read).isInstanceOf(SocketException.class);
            assertThat(proxy.count(Deed.RESET)).isEqualTo(1);
        }
    }

    @Test
    void what_is_stalled_comes_whole_when_it_may_pass_again() throws IOException {
        try (Socket client = connect()) {
            Socket far = accept();
            proxy.stall();
            client.getOutputStream().write(1);
            assertComesOnlyWhenItPasses(far);
        }
    }

    @Test
    void a_connection_made_while_it_stalls_says_nothing_and_goes_on_later() throws IOException {
        proxy.stall();
        try (Socket client = connect()) {
            client.getOutputStream().write(1);
            Socket far = accept();
            assertComesOnlyWhenItPasses(far);
        }
    }

    @Test
    void while_it_refuses_nobody_gets_through_and_then_they_do() throws IOException {
        proxy.refuse();
        assertThatThrownBy(() -> {
                    try (Socket client = connect()) {
                        client.getInputStream().read();
                    }
                })
                .isInstanceOf(SocketException.class);
        assertThat(proxy.count(Deed.REFUSED)).isEqualTo(1);
        proxy.pass();
        try (Socket client = connect()) {
            accept().getOutputStream().write(1);
            assertThat(client.getInputStream().read()).isEqualTo(1);
        }
    }

    @Test
    void a_storm_does_all_it_can_and_counts_it() {
        ChaosStorm fast =
                new ChaosStorm(Duration.ZERO, Duration.ofMillis(20), Duration.ofMillis(20), Duration.ofMillis(5));
        proxy.storm(fast);
        Thread taking = new Thread(this::takeAll);
        taking.start();
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    try (Socket client = connect()) {
                        client.getOutputStream().write(new byte[100]);
                        client.getInputStream().read();
                    } catch (IOException e) {
                        // as it should be
                    }
                    return Stream.of(Deed.CUT, Deed.RESET, Deed.STALLED, Deed.DELAYED)
                            .allMatch(deed -> proxy.count(deed) > 1);
                });
        assertThat(proxy.toString()).startsWith("seed 7, connected ");
    }

    @Test
    void the_same_seed_is_the_same_fate() {
        assertThat(troubles(3)).isEqualTo(troubles(3)).isNotEqualTo(troubles(4));
    }

    @Test
    void closing_it_ends_the_connections_the_thread_and_the_listening() throws IOException {
        try (Socket client = connect()) {
            accept();
            proxy.close();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("chaos-proxy-" + proxy.port()));
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
    }

    @Test
    void an_address_by_way_of_it_keeps_its_path_and_query() {
        assertThat(proxy.through(URI.create("ws://localhost:1/channels?a=b")))
                .isEqualTo(URI.create("ws://127.0.0.1:" + proxy.port() + "/channels?a=b"));
    }

    private static List<ChaosFate.Trouble> troubles(long seed) {
        ChaosFate fate = new ChaosFate(ChaosStorm.DEFAULTS, new SplittableRandom(seed));
        return Stream.generate(fate::next).limit(20).toList();
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    }

    private Socket accept() throws IOException {
        Socket socket = server.accept();
        served.add(socket);
        return socket;
    }

    /** The octet 1. */
    private void assertComesOnlyWhenItPasses(Socket far) throws IOException {
        far.setSoTimeout(100);
        assertThatThrownBy(() -> far.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        proxy.pass();
        far.setSoTimeout(0);
        assertThat(far.getInputStream().read()).isEqualTo(1);
    }

    private void takeAll() {
        try {
            while (true) {
                server.accept();
            }
        } catch (IOException e) {
            // the test is over
        }
    }
}
