package dev.parley.testing;

import dev.parley.security.Limits;
import dev.parley.security.PublishRate;

/** The limits as they come, but for what a test names. */
public final class TestLimits {
    private TestLimits() {}

    public static Limits messageSize(int messageSize) {
        return limits(Limits.DEFAULTS.commandsPerSecond(), Limits.DEFAULTS.burst(), messageSize);
    }

    public static Limits commands(int perSecond, int burst) {
        return limits(perSecond, burst, Limits.DEFAULTS.messageSize());
    }

    /** Of bytes published over time. */
    public static Limits publishing(int bytesPerSecond, int burst, int messageSize) {
        Limits all = Limits.DEFAULTS;
        return limits(
                all.commandsPerSecond(),
                all.burst(),
                messageSize,
                all.connections(),
                new PublishRate(bytesPerSecond, burst));
    }

    /** Of one address as many as in all. */
    public static Limits connections(int connections) {
        Limits all = Limits.DEFAULTS;
        return limits(all.commandsPerSecond(), all.burst(), all.messageSize(), connections, all.publishRate());
    }

    private static Limits limits(int commandsPerSecond, int burst, int messageSize) {
        Limits all = Limits.DEFAULTS;
        return limits(commandsPerSecond, burst, messageSize, all.connections(), all.publishRate());
    }

    private static Limits limits(
            int commandsPerSecond, int burst, int messageSize, int connections, PublishRate publishRate) {
        Limits all = Limits.DEFAULTS;
        return new Limits(
                commandsPerSecond,
                burst,
                all.subscriptions(),
                messageSize,
                all.inlineSize(),
                all.batchSize(),
                all.sendTimeout(),
                all.publishesUnderWay(),
                all.repliesUnread(),
                connections,
                all.connectionsPerAddress(),
                all.handshakeTimeout(),
                publishRate);
    }
}
