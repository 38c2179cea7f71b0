package dev.parley.settings;

import dev.parley.channel.Channels;
import dev.parley.log.SpaceLimits;
import java.time.Duration;
import java.util.List;

/**
 * How the log is kept; {@code parley.log.*}.
 *
 * @param keyAge {@code key-age}: how long a publish's key is remembered, whatever the history; 24 hours
 * @param trimInterval {@code trim-interval}: how often history and keys past their age are removed; 1 second
 * @param lookInterval {@code look-interval}: how often other nodes' messages are looked for; 250 milliseconds. The
 *     embedded database has no other nodes
 * @param outboxInterval {@code outbox-interval}: how often the outbox is looked at for what a transaction has left in
 *     it, beside after each commit that this node knows of; 1 second
 * @param acceptNotDurable {@code accept-not-durable}: be ready though the database may lose what it acknowledged; false
 * @param schema {@code schema}
 * @param maxSize {@code max-size}: bytes that all channels may hold together, with 256 for each message, channel and key;
 *     then publishes are refused; 64 GB
 * @param freeSpace {@code free-space}: bytes of its disk that the embedded database leaves free; 512 MB
 */
public record LogSettings(
        Duration keyAge,
        Duration trimInterval,
        Duration lookInterval,
        Duration outboxInterval,
        boolean acceptNotDurable,
        Schema schema,
        long maxSize,
        long freeSpace) {
    private static final Duration KEY_AGE = Duration.ofHours(24);
    private static final Duration TRIM_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);
    private static final Duration OUTBOX_INTERVAL = Duration.ofSeconds(1);
    private static final long MAX_SIZE = 64L << 30;
    private static final long FREE_SPACE = 512L << 20;

    /** What is done at start with the tables. */
    public enum Schema {
        /** They are created or brought up to date; the default. */
        MIGRATE,
        /** The start fails when they are not up to date. */
        VALIDATE,
        /** Nobody looks. */
        NONE
    }

    static LogSettings read(SettingsReader reader) {
        return new LogSettings(
                reader.duration("parley.log.key-age", KEY_AGE),
                reader.duration("parley.log.trim-interval", TRIM_INTERVAL),
                reader.duration("parley.log.look-interval", LOOK_INTERVAL),
                reader.duration("parley.log.outbox-interval", OUTBOX_INTERVAL),
                reader.flag("parley.log.accept-not-durable", false),
                reader.oneOf("parley.log.schema", Schema.MIGRATE, List.of(Schema.values())),
                reader.size("parley.log.max-size", MAX_SIZE, 1),
                reader.size("parley.log.free-space", FREE_SPACE, 0));
    }

    public SpaceLimits space() {
        return new SpaceLimits(maxSize, freeSpace, Channels.OWN_NAMESPACE);
    }
}
