package dev.parley.benchmark;

import java.util.Locale;
import java.util.OptionalDouble;

/** Where Parley must be; a limit is a number, or what a peer has in the same run. */
enum Must {
    WINDOW_1(Scenario.FAN_OUT_1, Figures.SERVER_MICROS, 3.7),
    WINDOW_8(Scenario.FAN_OUT_8, Figures.SERVER_MICROS, 0.8),
    WINDOW_8_PER_SECOND(Scenario.FAN_OUT_8, Figures.PER_SECOND, 1_000_000),
    WINDOW_32(Scenario.FAN_OUT_32, Figures.SERVER_MICROS, 0.5),
    RATE_50(Scenario.RATE_50, Figures.P99, Peer.WS),
    PUBLISH_1(Scenario.PUBLISH_1, Figures.P50, 1),
    PUBLISH_64(Scenario.PUBLISH_64, Figures.PER_SECOND, 10_000),
    PUBLISH_64_DEEP(Scenario.PUBLISH_64_DEEP, Figures.PER_SECOND, 10_000),
    ECHO_8(Scenario.ECHO_8, Figures.SERVER_MICROS, 6),
    IDLE(Scenario.IDLE, Figures.HEAP, 12 * 1024),
    SLOW_OTHERS(Scenario.SLOW, Figures.P99, Figures.P99_WITHOUT, 2),
    SLOW_HEAP(Scenario.SLOW, Figures.HEAP, 64 * 1024),
    ATTACK(Scenario.ATTACK, Figures.P99, Figures.P99_WITHOUT, 2);

    final Scenario scenario;
    final Figures figure;
    private final double number;
    private final Peer peer;
    private final Figures other;

    Must(Scenario scenario, Figures figure, double number) {
        this(scenario, figure, number, Peer.PARLEY, figure);
    }

    Must(Scenario scenario, Figures figure, Peer peer) {
        this(scenario, figure, 1, peer, figure);
    }

    Must(Scenario scenario, Figures figure, Figures other, double times) {
        this(scenario, figure, times, Peer.PARLEY, other);
    }

    Must(Scenario scenario, Figures figure, double number, Peer peer, Figures other) {
        this.scenario = scenario;
        this.figure = figure;
        this.number = number;
        this.peer = peer;
        this.other = other;
    }

    /** What it must not pass; nothing where that was not measured. */
    OptionalDouble limit(Results results) {
        if (peer == Peer.PARLEY && other == figure) {
            return OptionalDouble.of(number);
        }
        OptionalDouble measured = results.median(scenario, peer, other.key);
        return measured.isPresent() ? OptionalDouble.of(number * measured.getAsDouble()) : measured;
    }

    OptionalDouble value(Results results) {
        return results.median(scenario, Peer.PARLEY, figure.key);
    }

    /** In words. */
    static String verdict(Figures figure, double value, double limit) {
        boolean more = figure == Figures.PER_SECOND;
        boolean met = more ? value >= limit : value <= limit;
        double factor = more ? limit / value : value / limit;
        return met ? "met" : String.format(Locale.ROOT, "falls short by a factor of %.2f", factor);
    }
}
