package dev.parley.benchmark;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** What is measured. */
enum Scenario {
    FAN_OUT_1("Fan-out, window 1: one broadcast at a time", "fan-out", Among.ALL, "window=1"),
    FAN_OUT_8("Fan-out, window 8: a busy channel", "fan-out", Among.ALL, "window=8"),
    FAN_OUT_32("Fan-out, window 32", "fan-out", Among.ALL, "window=32"),
    RATE_50("50 messages a second to all", "fan-out", Among.ALL, "rate=50"),
    ECHO_1("Echo, 50 connections, depth 1", "echo", Among.ECHOING, "depth=1"),
    ECHO_8("Echo, 50 connections, depth 8", "echo", Among.ECHOING, "depth=8"),
    PUBLISH_1("Publish, reply after commit: 1 publisher", "publish", Among.STORING, "publishers=1 depth=1"),
    PUBLISH_64("Publish, 64 publishers on 64 channels", "publish", Among.STORING, "publishers=64 depth=1"),
    PUBLISH_64_DEEP(
            "Publish, 64 publishers on 64 channels, 8 under way each",
            "publish",
            Among.STORING,
            "publishers=64 depth=8"),
    IDLE("Idle connections, each subscribed", "fan-out", Among.JAVA, "window=0"),
    SLOW("A tenth of the readers never read; the others at 50 messages a second", "fan-out", Among.ALL, "rate=50"),
    ATTACK(
            "A hundred clients at 50 messages a second, beside 4,700 that do harm: silent, dripping, endless",
            "fan-out",
            Among.STORING,
            "rate=50"),
    STORM("All come back at once and resume by position", "storm", Among.STORING, "missed=20");

    final String title;

    /** Of the load program. */
    final String mode;

    private final Among among;
    private final String arguments;

    Scenario(String title, String mode, Among among, String arguments) {
        this.title = title;
        this.mode = mode;
        this.among = among;
        this.arguments = arguments;
    }

    boolean measures(Peer peer) {
        return among.has(peer);
    }

    /** For the load program. */
    Map<String, String> arguments() {
        return Arrays.stream(arguments.split(" ", -1))
                .map(argument -> argument.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    /** Who can be asked for it. */
    private enum Among {
        ALL,
        /** A broker, or a room, has no echo. */
        ECHOING,
        /** Whose heap can be looked at. */
        JAVA,
        /** The peers store nothing. */
        STORING;

        boolean has(Peer peer) {
            return switch (this) {
                case ALL -> true;
                case ECHOING -> peer != Peer.SPRING && peer != Peer.SOCKET_IO;
                case JAVA -> !peer.node;
                case STORING -> peer == Peer.PARLEY;
            };
        }
    }
}
