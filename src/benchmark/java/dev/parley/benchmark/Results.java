package dev.parley.benchmark;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** What was measured, of every scenario, peer and round. */
final class Results {
    private final Map<Scenario, Map<Peer, List<Map<String, Double>>>> rounds = new EnumMap<>(Scenario.class);
    private final List<String> failures = new ArrayList<>();
    private final List<Double> loads = new ArrayList<>();

    void add(Scenario scenario, Peer peer, Map<String, Double> figures) {
        rounds.computeIfAbsent(scenario, key -> new EnumMap<>(Peer.class))
                .computeIfAbsent(peer, key -> new ArrayList<>())
                .add(figures);
        loads.add(Machine.load());
    }

    void failed(Scenario scenario, Peer peer, String why) {
        failures.add(Options.label(scenario) + ", " + peer.title + ": " + why);
    }

    List<String> failures() {
        return failures;
    }

    /** The load averages after each measurement. */
    List<Double> loads() {
        return loads;
    }

    Set<Scenario> scenarios() {
        return rounds.keySet();
    }

    Set<Peer> peers(Scenario scenario) {
        return rounds.getOrDefault(scenario, Map.of()).keySet();
    }

    List<Map<String, Double>> rounds(Scenario scenario, Peer peer) {
        return rounds.getOrDefault(scenario, Map.of()).getOrDefault(peer, List.of());
    }

    /** Of all rounds, figure by figure. */
    Map<String, Double> medians(Scenario scenario, Peer peer) {
        Set<String> keys = new LinkedHashSet<>();
        rounds(scenario, peer).forEach(figures -> keys.addAll(figures.keySet()));
        Map<String, Double> medians = new LinkedHashMap<>();
        keys.forEach(key -> medians.put(key, median(scenario, peer, key).orElseThrow()));
        return medians;
    }

    OptionalDouble median(Scenario scenario, Peer peer, String key) {
        double[] values = rounds(scenario, peer).stream()
                .filter(figures -> figures.containsKey(key))
                .mapToDouble(figures -> figures.get(key))
                .sorted()
                .toArray();
        if (values.length == 0) {
            return OptionalDouble.empty();
        }
        int middle = values.length / 2;
        return OptionalDouble.of(values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2);
    }
}
