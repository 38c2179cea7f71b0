package dev.parley.benchmark.load;

import java.io.IOException;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Clients of every harmful way at once, for as long as nobody says that it is enough; who is cut off comes back. Runs
 * beside the program that measures, in a process of its own.
 */
final class Attack {
    private static final int AT_ONCE = 50;
    private static final int TURN_MILLIS = 10;
    private static final int PERCENT = 100;

    private final Plan plan;
    private final Selector selector;
    private final List<Hostile> all = new ArrayList<>();
    private final Queue<Hostile> cut = new ArrayDeque<>();
    private long connections;

    Attack(Plan plan) throws IOException {
        this.plan = plan;
        this.selector = Selector.open();
    }

    @SuppressWarnings("SystemOut") // the one who starts it reads it there
    Map<String, Double> run() throws IOException {
        for (Hostile.Way way : Hostile.Way.values()) {
            for (int i = 0; i < way.count * plan.number("percent") / PERCENT; i++) {
                all.add(new Hostile(way));
            }
        }
        cut.addAll(all);
        while (all.stream().anyMatch(hostile -> hostile.connections() == 0)) {
            turn();
        }
        System.out.println("hold");
        long from = System.nanoTime();
        long own = Cpu.own();
        while (System.in.available() == 0) {
            turn();
        }
        Map<String, Double> result = new LinkedHashMap<>();
        result.put("attackers", (double) all.size());
        result.put("attackerConnections", (double) connections);
        result.put("attackerCores", (Cpu.own() - own) * 1e3 / (System.nanoTime() - from));
        return result;
    }

    private void turn() throws IOException {
        for (int i = 0; i < AT_ONCE && !cut.isEmpty(); i++) {
            cut.remove().connect(selector, plan.number("port"));
            connections++;
        }
        selector.select(
                key -> {
                    Hostile hostile = (Hostile) key.attachment();
                    if (!hostile.serve(key)) {
                        cut.add(hostile);
                    }
                },
                TURN_MILLIS);
        long now = System.nanoTime();
        for (Hostile hostile : all) {
            if (!hostile.goOn(now)) {
                cut.add(hostile);
            }
        }
    }
}
