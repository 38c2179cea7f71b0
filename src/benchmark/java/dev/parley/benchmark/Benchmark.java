package dev.parley.benchmark;

import dev.parley.benchmark.Servers.Server;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The program: starts the servers, goes through the scenarios, in each round from one peer to the next so that the
 * machine's moods meet all of them, and writes a table. It ends with 1 when anything was lost, wrong or missing, never
 * because something was slow.
 */
public final class Benchmark {
    private final Options options;
    private final List<Peer> peers;
    private final List<String> skipped = new ArrayList<>();
    private final Results results = new Results();
    private final Path nodeFolder;
    private final Set<String> warm = new HashSet<>();
    private int done;

    private Benchmark(Options options) throws IOException, InterruptedException {
        this.options = options;
        this.nodeFolder = options.folder().resolve("node");
        this.peers = new ArrayList<>(options.peers());
        Files.createDirectories(options.folder());
        if (peers.stream().anyMatch(peer -> peer.node)) {
            withNode();
        }
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Instant start = Instant.now();
        Benchmark benchmark = new Benchmark(Options.read());
        benchmark.run();
        Report report = new Report(benchmark.options, benchmark.results, benchmark.versions(), benchmark.skipped);
        report.write(start, Duration.between(start, Instant.now()));
        out().println(report.markdown());
        System.exit(benchmark.results.failures().isEmpty() ? 0 : 1);
    }

    private void withNode() throws IOException, InterruptedException {
        if (NodePackages.areThere()) {
            NodePackages.install(nodeFolder);
            return;
        }
        peers.stream().filter(peer -> peer.node).map(peer -> peer.title).forEach(skipped::add);
        peers.removeIf(peer -> peer.node);
        out().println("Without " + skipped + ": Node and npm are not there");
    }

    private void run() throws IOException, InterruptedException {
        try (Servers servers = new Servers(options.folder().resolve("servers"), nodeFolder)) {
            for (Scenario scenario : options.scenarios()) {
                List<Peer> measured = peers.stream().filter(scenario::measures).toList();
                servers.start(measured);
                for (int round = 1; round <= options.rounds(); round++) {
                    for (Peer peer : measured) {
                        measure(scenario, round, servers.get(peer));
                    }
                }
            }
        }
    }

    private void measure(Scenario scenario, int round, Server server) throws IOException, InterruptedException {
        String what = String.format(
                Locale.ROOT,
                "[%d/%d] %s, round %d, %s",
                ++done,
                total(),
                Options.label(scenario),
                round,
                Options.label(server.peer()));
        try {
            warmUp(scenario, server);
            Map<String, Double> figures = new Measuring(options, server).run(scenario);
            results.add(scenario, server.peer(), figures);
            out().println(what + ": " + Figures.line(figures));
        } catch (BenchmarkException e) {
            results.failed(scenario, server.peer(), e.getMessage());
            out().println(what + " FAILED: " + e.getMessage());
        }
    }

    /** The first run of a kind is the compiler's, and counts for nothing. */
    private void warmUp(Scenario scenario, Server server) throws IOException, InterruptedException {
        if (options.smoke() || !warm.add(scenario.mode + " " + server.pid())) {
            return;
        }
        if (Scenario.PUBLISH_64.measures(server.peer()) && warm.add("log " + server.pid())) {
            // A database is much code, and one broadcast at a time compiles little of it a second
            new Measuring(options, server).run(Scenario.PUBLISH_64);
        }
        new Measuring(options, server).run(scenario);
    }

    private int total() {
        return options.scenarios().stream()
                        .mapToInt(scenario ->
                                (int) peers.stream().filter(scenario::measures).count())
                        .sum()
                * options.rounds();
    }

    private List<String> versions() throws IOException {
        List<String> versions = new ArrayList<>();
        for (Peer peer : peers) {
            if (peer.node) {
                versions.add(peer.artifact + " " + NodePackages.version(nodeFolder, peer.artifact));
            } else {
                Peer.version(peer.artifact)
                        .ifPresent(version -> versions.add(peer.artifact.toLowerCase(Locale.ROOT) + " " + version));
            }
        }
        return versions;
    }

    @SuppressWarnings("SystemOut") // it is a program for the terminal
    private static PrintStream out() {
        return System.out;
    }
}
