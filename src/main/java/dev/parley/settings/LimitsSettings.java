package dev.parley.settings;

import dev.parley.security.Limits;
import dev.parley.security.PublishRate;

/** Reads {@code parley.limits.*}. */
final class LimitsSettings {
    private static final String PREFIX = "parley.limits.";
    private static final Limits DEFAULTS = Limits.DEFAULTS;

    /** A client that resumes says connect and subscribes to everything, and then goes on with what it was about. */
    private static final int COMMANDS_BESIDE_SUBSCRIBING = 8;

    private LimitsSettings() {}

    static Limits read(SettingsReader reader) {
        int messageSize = reader.bytes(PREFIX + "message-size", DEFAULTS.messageSize(), 1024);
        Limits limits = new Limits(
                number(reader, "commands-per-second", DEFAULTS.commandsPerSecond(), 0),
                number(reader, "burst", DEFAULTS.burst(), 1),
                number(reader, "subscriptions", DEFAULTS.subscriptions(), 1),
                messageSize,
                reader.bytes(PREFIX + "inline-size", DEFAULTS.inlineSize(), 0),
                reader.bytes(PREFIX + "batch-size", DEFAULTS.batchSize(), 1024),
                reader.duration(PREFIX + "send-timeout", DEFAULTS.sendTimeout()),
                number(reader, "publishes-under-way", DEFAULTS.publishesUnderWay(), 1),
                reader.bytes(PREFIX + "replies-unread", DEFAULTS.repliesUnread(), 1024),
                number(reader, "connections", DEFAULTS.connections(), 0),
                number(reader, "connections-per-address", DEFAULTS.connectionsPerAddress(), 0),
                reader.duration(PREFIX + "handshake-timeout", DEFAULTS.handshakeTimeout()),
                publishRate(reader, messageSize));
        return checked(limits);
    }

    private static PublishRate publishRate(SettingsReader reader, int messageSize) {
        PublishRate usual = DEFAULTS.publishRate();
        return new PublishRate(
                reader.bytes(PREFIX + "publish-bytes-per-second", usual.bytesPerSecond(), 0),
                reader.bytes(PREFIX + "publish-burst", Math.max(usual.burst(), messageSize), 1));
    }

    private static Limits checked(Limits limits) {
        int least = limits.subscriptions() + COMMANDS_BESIDE_SUBSCRIBING;
        if (limits.burst() < least) {
            throw new SettingException(
                    PREFIX + "burst",
                    Integer.toString(limits.burst()),
                    "at least " + least + ", what a client with " + PREFIX + "subscriptions needs to resume,");
        }
        if (limits.inlineSize() > limits.messageSize()) {
            throw new SettingException(
                    PREFIX + "inline-size",
                    Integer.toString(limits.inlineSize()),
                    "no more than " + PREFIX + "message-size, " + limits.messageSize() + ",");
        }
        if (limits.publishRate().burst() < limits.messageSize()) {
            throw new SettingException(
                    PREFIX + "publish-burst",
                    Integer.toString(limits.publishRate().burst()),
                    "at least " + PREFIX + "message-size, " + limits.messageSize() + ",");
        }
        return limits;
    }

    private static int number(SettingsReader reader, String name, int otherwise, int least) {
        return reader.number(PREFIX + name, otherwise, least, Integer.MAX_VALUE);
    }
}
