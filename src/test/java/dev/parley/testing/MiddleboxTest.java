package dev.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.Middlebox.Habits;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MiddleboxTest {
    private static final String UPGRADE =
            "GET /x HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: k\r\n\r\n";

    private ServerSocket server;
    private final List<Socket> sockets = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        server.close();
    }

    @Test
    void an_upgrade_passes_and_then_bytes_both_ways() throws IOException {
        try (Middlebox box = Middlebox.before(Habits.NONE, server.getLocalPort())) {
            Socket client = ask(box, UPGRADE);
            Socket far = accept();
            assertThat(read(far, UPGRADE.length())).isEqualTo(UPGRADE);
            write(far, "down");
            assertThat(read(client, 4)).isEqualTo("down");
            write(client, "up");
            assertThat(read(far, 2)).isEqualTo("up");
        }
    }

    @Test
    void an_upgrade_is_stripped_of_all_that_makes_it_one() throws IOException {
        try (Middlebox box = Middlebox.before(Habits.NONE.strippingUpgrade(), server.getLocalPort())) {
            ask(box, UPGRADE);
            String plain = "GET /x HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";
            assertThat(read(accept(), plain.length())).isEqualTo(plain);
        }
    }

    @Test
    void a_body_is_carried_and_each_request_to_the_next_server() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Middlebox box = Middlebox.before(Habits.NONE, server.getLocalPort(), other.getLocalPort())) {
            ask(box, "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody");
            ask(box, "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nmore");
            assertThat(read(accept(), 61)).endsWith("\r\n\r\nbody");
            Socket far = other.accept();
            sockets.add(far);
            assertThat(read(far, 61)).endsWith("\r\n\r\nmore");
        }
    }

    @Test
    void an_answer_is_buffered_until_all_of_it_is_there() throws IOException {
        try (Middlebox box = Middlebox.before(Habits.NONE.buffering(), server.getLocalPort())) {
            Socket client = ask(box, "GET / HTTP/1.1\r\n\r\n");
            Socket far = accept();
            String plain = "GET / HTTP/1.1\r\nConnection: close\r\n\r\n";
            assertThat(read(far, plain.length())).isEqualTo(plain); // or its end would be a reset
            write(far, "part");
            client.setSoTimeout(300);
            assertThat(isSilent(client)).isTrue();
            write(far, " and rest");
            far.close();
            client.setSoTimeout(10_000);
            assertThat(read(client, 13)).isEqualTo("part and rest");
        }
    }

    @Test
    void silence_is_cut_and_what_says_something_is_not() throws Exception {
        try (Middlebox box =
                Middlebox.before(Habits.NONE.cuttingSilence(Duration.ofSeconds(2)), server.getLocalPort())) {
            Socket client = ask(box, UPGRADE);
            Socket far = accept();
            read(far, UPGRADE.length());
            for (int i = 0; i < 10; i++) {
                write(far, "x");
                assertThat(read(client, 1)).isEqualTo("x");
                Thread.sleep(250); // longer than the limit in all, and far from it each time
            }
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(box.cuts()).isEqualTo(1);
        }
    }

    @Test
    void what_takes_too_long_is_cut_though_it_goes_on() throws IOException {
        try (Middlebox box = Middlebox.before(Habits.NONE.cuttingAfter(Duration.ofSeconds(2)), server.getLocalPort())) {
            Socket client = ask(box, "GET / HTTP/1.1\r\n\r\n");
            Socket far = accept();
            Thread chatter = new Thread(() -> {
                try {
                    while (true) {
                        write(far, "x");
                        Thread.sleep(10); // steadily
                    }
                } catch (IOException | InterruptedException e) {
                    // cut
                }
            });
            chatter.setDaemon(true);
            chatter.start();
            assertThat(client.getInputStream().readAllBytes()).isNotEmpty();
            assertThat(box.cuts()).isEqualTo(1);
        }
    }

    private Socket ask(Middlebox box, String request) throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), box.port());
        client.setSoTimeout(10_000);
        sockets.add(client);
        write(client, request);
        return client;
    }

    private Socket accept() throws IOException {
        Socket far = server.accept();
        far.setSoTimeout(10_000);
        sockets.add(far);
        return far;
    }

    private static void write(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        to.getOutputStream().flush();
    }

    private static String read(Socket from, int count) throws IOException {
        InputStream in = from.getInputStream();
        return new String(in.readNBytes(count), StandardCharsets.ISO_8859_1);
    }

    private static boolean isSilent(Socket from) throws IOException {
        try {
            from.getInputStream().read(); // its end is a word too
            return false;
        } catch (java.net.SocketTimeoutException e) {
            return true;
        }
    }
}
