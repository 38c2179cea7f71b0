package dev.parley.arquillian;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that nobody listens on, for servers that cannot be asked which one they took of any. They are below those that
 * the operating system hands out to whoever asks for any: one of these could be taken before the server is there.
 */
final class FreePorts {
    private static final int FIRST = 12_000;
    private static final int END = 32_000;

    private FreePorts() {}

    /** So many, each another one. */
    static List<Integer> take(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            while (held.size() < count) {
                any().ifPresent(held::add);
            }
            List<Integer> ports = held.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket socket : held) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty where somebody has it. */
    private static Optional<ServerSocket> any() throws IOException {
        int port = ThreadLocalRandom.current().nextInt(FIRST, END);
        try {
            return Optional.of(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
        } catch (BindException e) {
            return Optional.empty();
        }
    }
}
