package dev.parley.benchmark.peer;

import dev.parley.standalone.Main;

/** Parley itself, as {@code bin/parley} starts it; it greets in its own way. */
public final class ParleyServer {
    private ParleyServer() {}

    public static void main(String[] args) {
        Lifeline.hold();
        Main.main(args);
    }
}
