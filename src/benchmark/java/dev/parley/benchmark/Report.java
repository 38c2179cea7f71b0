package dev.parley.benchmark;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonWriter;
import jakarta.json.stream.JsonGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Writes what was measured, as {@code benchmark.md} and {@code benchmark.json}. */
final class Report {
    private static final String NAME = "benchmark";

    /** Processes that want to run, for each core, above which others must have their share in it. */
    private static final double BUSY = 2;

    private final Options options;
    private final Results results;
    private final List<String> versions;
    private final List<String> skipped;
    private String markdown = "";

    Report(Options options, Results results, List<String> versions, List<String> skipped) {
        this.options = options;
        this.results = results;
        this.versions = versions;
        this.skipped = skipped;
    }

    String markdown() {
        return markdown;
    }

    void write(Instant start, Duration took) throws IOException {
        StringBuilder out = new StringBuilder(4096);
        head(out, start, took);
        results.scenarios().forEach(scenario -> table(out, scenario));
        if (!options.smoke()) {
            musts(out);
        }
        markdown = out.toString();
        Path folder = options.folder();
        Files.writeString(folder.resolve(NAME + ".md"), markdown);
        try (JsonWriter writer = Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true))
                .createWriter(Files.newBufferedWriter(folder.resolve(NAME + ".json")))) {
            writer.write(json(start).build());
        }
    }

    private void head(StringBuilder out, Instant start, Duration took) {
        out.append("# What it costs\n\n")
                .append(options.smoke() ? "A smoke run: it shows that all works, and nothing about speed. " : "")
                .append(start.truncatedTo(ChronoUnit.SECONDS))
                .append(", ")
                .append(took.toSeconds())
                .append(" s, medians of ")
                .append(options.rounds())
                .append(" rounds of ")
                .append(options.seconds())
                .append(" s.\n\n- Machine: ")
                .append(Machine.description())
                .append("; load average ")
                .append(loads())
                .append(".\n- Versions: ")
                .append(String.join(", ", versions))
                .append(".\n");
        skipped.forEach(peer -> out.append("- Not measured, since Node or npm is missing: ")
                .append(peer)
                .append('\n'));
        results.failures()
                .forEach(failure -> out.append("- **Failed**: ")
                        .append(failure.replace("\n", " "))
                        .append('\n'));
        out.append(String.format(Locale.ROOT, """

                Messages of 128 bytes to %,d subscribers, over loopback, from one load program with one thread, which shares the \
                machine; before anything is measured it goes on until a message costs the server no less than the second before, so that \
                compilers are done with the most of it. "CPU" is the server's processor time per message delivered, echoed or committed, or per client that \
                comes back; it moves least with the machine's other work, so compare by it. Only Parley stores what it is sent, \
                speaks JSON, has positions and checks permissions; its settings `parley.limits.commands-per-second` and \
                `.publish-bytes-per-second` are 0 here, since one connection publishes for all. Where readers are slow, messages are of 4 KB.
                """, options.clients(1_000)));
        if (averageLoad() > BUSY * Machine.cores()) {
            out.append("\nThe machine had much other work: what is told of one peer beside another in this run holds,"
                    + " and hardly a figure by itself.\n");
        }
    }

    private double averageLoad() {
        return results.loads().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(0);
    }

    private String loads() {
        DoubleSummaryStatistics loads =
                results.loads().stream().mapToDouble(Double::doubleValue).summaryStatistics();
        return String.format(
                Locale.ROOT, "%.2f to %.2f, %.2f on average", loads.getMin(), loads.getMax(), loads.getAverage());
    }

    private void table(StringBuilder out, Scenario scenario) {
        List<Figures> columns = List.of(Figures.values()).stream()
                .filter(figure -> results.peers(scenario).stream()
                        .anyMatch(peer ->
                                results.median(scenario, peer, figure.key).isPresent()))
                .toList();
        boolean compared = columns.contains(Figures.SERVER_MICROS)
                && results.peers(scenario).size() > 1;
        out.append("\n## ").append(scenario.title).append("\n\n| |");
        columns.forEach(figure -> out.append(' ').append(figure.title).append(" |"));
        out.append(compared ? " CPU, Netty = 1 | CPU, ws = 1 |" : "").append("\n|---|");
        out.append("--:|".repeat(columns.size() + (compared ? 2 : 0))).append('\n');
        for (Peer peer : results.peers(scenario)) {
            out.append("| ").append(peer.title).append(" |");
            columns.forEach(figure -> out.append(' ')
                    .append(text(figure, results.median(scenario, peer, figure.key)))
                    .append(" |"));
            if (compared) {
                out.append(ratio(scenario, peer, Peer.NETTY)).append(ratio(scenario, peer, Peer.WS));
            }
            out.append('\n');
        }
        if (scenario == Scenario.STORM) {
            out.append("\n")
                    .append(results.rounds(scenario, Peer.PARLEY).stream()
                            .map(round -> String.format(
                                    Locale.ROOT, "%,.0f clients in %.2f s", round.get("count"), round.get("seconds")))
                            .collect(Collectors.joining(", ", "Rounds: ", ".\n")));
        }
    }

    private static String text(Figures figure, OptionalDouble value) {
        return value.isPresent() ? figure.text(value.getAsDouble()) : "";
    }

    private String ratio(Scenario scenario, Peer peer, Peer other) {
        OptionalDouble one = results.median(scenario, peer, Figures.SERVER_MICROS.key);
        OptionalDouble base = results.median(scenario, other, Figures.SERVER_MICROS.key);
        return one.isPresent() && base.isPresent()
                ? String.format(Locale.ROOT, " %.2f |", one.getAsDouble() / base.getAsDouble())
                : " |";
    }

    private void musts(StringBuilder out) {
        out.append("\n## Parley: where it must be\n\n| | must | is | |\n|---|--:|--:|---|\n");
        for (Must must : Must.values()) {
            OptionalDouble value = must.value(results);
            OptionalDouble limit = must.limit(results);
            if (value.isPresent() && limit.isPresent()) {
                out.append("| ")
                        .append(must.scenario.title)
                        .append(": ")
                        .append(must.figure.title)
                        .append(" | ")
                        .append(must.figure.text(limit.getAsDouble()))
                        .append(" | ")
                        .append(must.figure.text(value.getAsDouble()))
                        .append(" | ")
                        .append(Must.verdict(must.figure, value.getAsDouble(), limit.getAsDouble()))
                        .append(" |\n");
            }
        }
    }

    private JsonObjectBuilder json(Instant start) {
        JsonObjectBuilder scenarios = Json.createObjectBuilder();
        for (Scenario scenario : results.scenarios()) {
            JsonObjectBuilder peers = Json.createObjectBuilder();
            for (Peer peer : results.peers(scenario)) {
                JsonArrayBuilder rounds = Json.createArrayBuilder();
                results.rounds(scenario, peer).forEach(round -> rounds.add(figures(round)));
                peers.add(
                        Options.label(peer),
                        Json.createObjectBuilder()
                                .add("median", figures(results.medians(scenario, peer)))
                                .add("rounds", rounds));
            }
            scenarios.add(Options.label(scenario), peers);
        }
        return Json.createObjectBuilder()
                .add("date", start.toString())
                .add("smoke", options.smoke())
                .add("machine", Machine.description())
                .add("loadAverages", Json.createArrayBuilder(results.loads()))
                .add("versions", Json.createArrayBuilder(versions))
                .add("skipped", Json.createArrayBuilder(skipped))
                .add("failures", Json.createArrayBuilder(results.failures()))
                .add("scenarios", scenarios);
    }

    private static JsonObjectBuilder figures(Map<String, Double> figures) {
        JsonObjectBuilder object = Json.createObjectBuilder();
        figures.forEach(object::add);
        return object;
    }
}
