package dev.parley.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How figures are written. */
enum Figures {
    PER_SECOND("perSecond", "a second"),
    SERVER_MICROS("serverMicros", "CPU µs"),
    P50("p50", "p50 ms"),
    P99("p99", "p99 ms"),
    P99_WITHOUT("p99Without", "p99 ms without those"),
    HEAP("heap", "heap KB each"),
    SERVER_CORES("serverCores", "cores used"),
    LOAD_MICROS("loadMicros", "load program's CPU µs"),
    ATTACKERS("attackers", "who do harm"),
    ATTACKER_CONNECTIONS("attackerConnections", "their connections"),
    ATTACKER_CORES("attackerCores", "cores they used");

    /** As the load program says. */
    final String key;

    final String title;

    Figures(String key, String title) {
        this.key = key;
        this.title = title;
    }

    String text(double value) {
        return switch (this) {
            case PER_SECOND, ATTACKERS, ATTACKER_CONNECTIONS -> String.format(Locale.ROOT, "%,.0f", value);
            case HEAP -> String.format(Locale.ROOT, "%.1f", value / 1024);
            default -> String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
        };
    }

    static String line(Map<String, Double> figures) {
        return List.of(values()).stream()
                .filter(figure -> figures.containsKey(figure.key))
                .map(figure -> figure.text(figures.get(figure.key)) + " " + figure.title)
                .collect(Collectors.joining(", "));
    }
}
