package dev.parley.benchmark.load;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The program. Its arguments are {@code key=value}; what it finds comes on standard output as a line
 * {@code result key=value …}. Where {@code hold} is asked for it prints a line {@code hold} before it lets
 * connections go, and waits for a line. It ends with 1, and says why, when the server is not right.
 */
public final class Load {
    private Load() {}

    @SuppressWarnings("SystemOut") // the one who starts it reads it there
    public static void main(String[] args) throws IOException {
        Plan plan = new Plan(Arrays.stream(args)
                .map(argument -> argument.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
        try {
            Map<String, Double> result = run(plan);
            System.out.println(result.entrySet().stream()
                    .map(entry -> String.format(Locale.ROOT, "%s=%.6f", entry.getKey(), entry.getValue()))
                    .collect(Collectors.joining(" ", "result ", "")));
        } catch (LoadException e) {
            System.out.println("failed " + e.getMessage());
            System.exit(1);
        }
    }

    private static Map<String, Double> run(Plan plan) throws IOException {
        return switch (plan.text("mode")) {
            case "fan-out" -> new FanOut(plan).run();
            case "echo" -> new Echoes(plan).run();
            case "publish" -> new Publishes(plan).run();
            case "storm" -> new Storm(plan).run();
            case "attack" -> new Attack(plan).run();
            default -> throw new LoadException("There is no mode " + plan.text("mode"));
        };
    }

    /** Tells that the connections stand, and waits to be told that they may go. */
    @SuppressWarnings("SystemOut")
    static void hold() throws IOException {
        System.out.println("hold");
        while (System.in.read() >= ' ') {
            // up to the line's end
        }
    }
}
