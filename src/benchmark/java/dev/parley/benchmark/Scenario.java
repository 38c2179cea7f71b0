package dev.parley.benchmark;

import static dev.parley.benchmark.Peer.PARLEY;
import static dev.parley.benchmark.Peer.SOCKET_IO;
import static dev.parley.benchmark.Peer.SPRING;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** What is measured. */
enum Scenario {
    FAN_OUT_1("Fan-out, window 1: one broadcast at a time", "fan-out", all(), Map.of("window", "1")),
    FAN_OUT_8("Fan-out, window 8: a busy channel", "fan-out", all(), Map.of("window", "8")),
    FAN_OUT_32("Fan-out, window 32", "fan-out", all(), Map.of("window", "32")),
    RATE_50("50 messages a second to all", "fan-out", all(), Map.of("rate", "50")),
    ECHO_1("Echo, 50 connections, depth 1", "echo", echoing(), Map.of("depth", "1")),
    ECHO_8("Echo, 50 connections, depth 8", "echo", echoing(), Map.of("depth", "8")),
    PUBLISH_1("Publish, reply after commit: 1 publisher", "publish", only(), publishers(1, 1)),
    PUBLISH_64("Publish, 64 publishers on 64 channels", "publish", only(), publishers(64, 1)),
    PUBLISH_64_DEEP("Publish, 64 publishers on 64 channels, 8 under way each", "publish", only(), publishers(64, 8)),
    IDLE("Idle connections, each subscribed", "fan-out", java(), Map.of()),
    SLOW("A tenth of the readers never read; the others at 50 messages a second", "fan-out", all(), Map.of("rate", "50")),
    STORM("All come back at once and resume by position", "storm", only(), Map.of("missed", "20"));

    final String title;

    /** Of the load program. */
    final String mode;

    final Set<Peer> peers;
    final Map<String, String> arguments;

    Scenario(String title, String mode, Set<Peer> peers, Map<String, String> arguments) {
        this.title = title;
        this.mode = mode;
        this.peers = peers;
        this.arguments = arguments;
    }

    private static Set<Peer> all() {
        return EnumSet.allOf(Peer.class);
    }

    /** A broker, or a room, has no echo. */
    private static Set<Peer> echoing() {
        return EnumSet.complementOf(EnumSet.of(SPRING, SOCKET_IO));
    }

    private static Set<Peer> java() {
        Set<Peer> java = all();
        java.removeIf(peer -> peer.node);
        return java;
    }

    /** What no peer does: they store nothing. */
    private static Set<Peer> only() {
        return EnumSet.of(PARLEY);
    }

    private static Map<String, String> publishers(int count, int depth) {
        return Map.of("publishers", Integer.toString(count), "depth", Integer.toString(depth));
    }
}
