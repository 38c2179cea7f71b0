package dev.parley.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The servers that run just now. */
final class Servers implements AutoCloseable {
    private static final Pattern LISTENING =
            Pattern.compile("^(?:listening |Parley .* on http://127\\.0\\.0\\.1:)(\\d+)");
    private static final Pattern MEMORY = Pattern.compile("^memory (\\d+)");
    private static final int PATIENCE_SECONDS = 60;
    private static final int MOST_LOOKS = 20;
    private static final int LOOK_MILLIS = 300;
    private static final double STEADY = 0.998;

    private final Path folder;
    private final Path nodeFolder;
    private final Map<Peer, Server> running = new EnumMap<>(Peer.class);

    Servers(Path folder, Path nodeFolder) {
        this.folder = folder;
        this.nodeFolder = nodeFolder;
    }

    /** One of them. */
    record Server(Peer peer, Child child, int port) {
        long pid() {
            return child.pid();
        }

        /**
         * What is alive on its heap, in bytes, once that grows no less: connections that have ended are put away by and
         * by. NaN where it is not known.
         */
        double memory() throws InterruptedException {
            double memory = peer.node ? Double.NaN : alive();
            double before = Double.MAX_VALUE;
            for (int looks = 0; looks < MOST_LOOKS && memory < before * STEADY; looks++) {
                Thread.sleep(LOOK_MILLIS);
                before = memory;
                memory = alive();
            }
            return memory;
        }

        private double alive() throws InterruptedException {
            child.say("memory");
            return Double.parseDouble(child.await(MEMORY, PATIENCE_SECONDS).group(1));
        }
    }

    /** Starts those that do not run, or run no more. */
    void start(List<Peer> peers) throws IOException, InterruptedException {
        Map<Peer, Child> starting = new EnumMap<>(Peer.class);
        running.values().removeIf(server -> !server.child().isAlive());
        try {
            for (Peer peer : peers) {
                if (!running.containsKey(peer)) {
                    starting.put(peer, child(peer));
                }
            }
            for (Peer peer : List.copyOf(starting.keySet())) {
                Child child = starting.get(peer);
                int port = Integer.parseInt(
                        child.await(LISTENING, PATIENCE_SECONDS).group(1));
                running.put(peer, new Server(peer, child, port));
                starting.remove(peer);
            }
        } finally {
            starting.values().forEach(Child::close);
        }
    }

    Server get(Peer peer) {
        Server server = running.get(peer);
        if (server == null) {
            throw new BenchmarkException(peer + " does not run");
        }
        return server;
    }

    private Child child(Peer peer) throws IOException {
        Path own = folder.resolve(Options.label(peer));
        delete(own);
        Files.createDirectories(own);
        return new Child(peer.name(), peer.command(own, nodeFolder), own);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            List<Path> paths = new ArrayList<>();
            try (Stream<Path> tree = Files.walk(folder)) {
                tree.sorted(Comparator.reverseOrder()).forEach(paths::add);
            }
            for (Path path : paths) {
                Files.delete(path);
            }
        }
    }

    @Override
    public void close() {
        running.values().forEach(server -> server.child().close());
        running.clear();
    }
}
