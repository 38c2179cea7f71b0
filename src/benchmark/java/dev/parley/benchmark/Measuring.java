package dev.parley.benchmark;

import dev.parley.benchmark.Servers.Server;
import dev.parley.benchmark.load.Load;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the load program once, or as often as a scenario needs it, against one server. */
final class Measuring {
    private static final int BODY = 128;
    private static final int ECHOING = 50;
    private static final int SUBSCRIBERS = 1_000;
    private static final int STORMING = 5_000;
    private static final int CHATTING = 100;
    private static final int HARMING = 4_700;
    private static final int PERCENT = 100;
    private static final int PATIENCE_SECONDS = 300;

    /** Each subscriber is sent so much before anything is measured: more than what lies between holds. */
    private static final int FLOOD_BODY = 4 * 1024;

    private static final int FLOOD = 1_000;
    private static final Pattern LINE = Pattern.compile("^(hold|result|failed)(?: (.*))?$");

    private final Options options;
    private final Server server;

    Measuring(Options options, Server server) {
        this.options = options;
        this.server = server;
    }

    /** What is told of a server while the connections stand. */
    private interface Held {
        void look() throws InterruptedException;
    }

    Map<String, Double> run(Scenario scenario) throws IOException, InterruptedException {
        return switch (scenario) {
            case IDLE -> idle();
            case SLOW -> slow(scenario);
            case ATTACK -> attack(scenario);
            default -> load(arguments(scenario), () -> {});
        };
    }

    private Map<String, String> arguments(Scenario scenario) {
        Map<String, String> arguments = new LinkedHashMap<>(scenario.arguments());
        arguments.put("mode", scenario.mode);
        arguments.put("dialect", server.peer().dialect);
        arguments.put("port", Integer.toString(server.port()));
        arguments.put("pid", Long.toString(server.pid()));
        arguments.put("size", Integer.toString(BODY));
        arguments.put("seconds", Double.toString(options.seconds()));
        arguments.put("warm-up", Double.toString(options.warmUp()));
        arguments.put("connections", Integer.toString(ECHOING));
        int clients =
                scenario == Scenario.STORM ? Machine.atMost(options.clients(STORMING)) : options.clients(SUBSCRIBERS);
        arguments.put("subscribers", Integer.toString(clients));
        return arguments;
    }

    /** What is alive with the connections, less what is without; the first time round, classes are loaded. */
    private Map<String, Double> idle() throws IOException, InterruptedException {
        Map<String, String> arguments = arguments(Scenario.IDLE);
        int clients = Integer.parseInt(arguments.get("subscribers"));
        load(arguments, () -> {});
        double before = server.memory();
        arguments.put("hold", "true");
        double[] after = {0};
        load(arguments, () -> after[0] = server.memory());
        return Map.of("count", (double) clients, "heap", (after[0] - before) / clients);
    }

    /** The heap of one that is stuck, beyond that of one that is not: what goes when they go. */
    private Map<String, Double> slow(Scenario scenario) throws IOException, InterruptedException {
        Map<String, String> arguments = arguments(scenario);
        arguments.put("size", Integer.toString(FLOOD_BODY));
        arguments.put("flood", Integer.toString(options.smoke() ? FLOOD / 10 : FLOOD));
        Map<String, Double> without = load(arguments, () -> {});
        int stuck = options.clients(SUBSCRIBERS) / 10;
        arguments.put("stuck", Integer.toString(stuck));
        arguments.put("hold", "true");
        List<Double> alive = new ArrayList<>();
        Map<String, Double> result = new LinkedHashMap<>(load(arguments, () -> alive.add(server.memory())));
        result.put("p99Without", without.get("p99"));
        result.put("heap", (alive.get(0) - 2 * alive.get(1) + alive.get(2)) / stuck);
        result.values().removeIf(value -> value.isNaN());
        return result;
    }

    /** The same twice, the second time beside those who do harm, who are a program of their own. */
    private Map<String, Double> attack(Scenario scenario) throws IOException, InterruptedException {
        Map<String, String> arguments = arguments(scenario);
        arguments.put("subscribers", Integer.toString(CHATTING));
        Map<String, Double> without = load(arguments, () -> {});
        int harming = Machine.atMost(options.clients(HARMING));
        Map<String, String> harm = Map.of(
                "mode", "attack",
                "port", Integer.toString(server.port()),
                "percent", Integer.toString(PERCENT * harming / HARMING));
        Map<String, Double> result;
        try (Child attackers = program(harm)) {
            told(attackers, "hold");
            result = new LinkedHashMap<>(load(arguments, () -> {}));
            attackers.say("");
            result.putAll(figures(told(attackers, "result")));
        }
        result.put("p99Without", without.get("p99"));
        return result;
    }

    private static String told(Child child, String expected) throws InterruptedException {
        Matcher line = child.await(LINE, PATIENCE_SECONDS);
        if (!line.group(1).equals(expected)) {
            throw new BenchmarkException(line.group());
        }
        return line.group(2) == null ? "" : line.group(2);
    }

    private static Child program(Map<String, String> arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Peer.java(), "-Xmx1g", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        command.add(Load.class.getName());
        arguments.forEach((key, value) -> command.add(key + "=" + value));
        return new Child("The load program", command, Path.of("").toAbsolutePath());
    }

    private Map<String, Double> load(Map<String, String> arguments, Held held)
            throws IOException, InterruptedException {
        try (Child child = program(arguments)) {
            while (true) {
                Matcher line = child.await(LINE, PATIENCE_SECONDS);
                switch (line.group(1)) {
                    case "hold" -> {
                        held.look();
                        child.say("");
                    }
                    case "failed" -> throw new BenchmarkException(line.group(2));
                    default -> {
                        return figures(line.group(2));
                    }
                }
            }
        }
    }

    private static Map<String, Double> figures(String text) {
        Map<String, Double> figures = new LinkedHashMap<>();
        for (String figure : text.split(" ", -1)) {
            String[] pair = figure.split("=", 2);
            figures.put(pair[0], Double.valueOf(pair[1]));
        }
        return figures;
    }
}
