package dev.parley.settings;

import dev.parley.channel.HubChannels;
import dev.parley.log.ClockLimits;
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
 * @param survives {@code survives}
 * @param startWait {@code start-wait}: how long the start waits for a database that is away; 1 minute. The embedded
 *     one is not waited for
 * @param schema {@code schema}
 * @param clock {@code clock-skew}, 1 minute, and {@code clock-gap}, 7 days: beyond which nothing is removed for its age
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
        Survives survives,
        Duration startWait,
        Schema schema,
        ClockLimits clock,
        long maxSize,
        long freeSpace) {
    private static final Duration KEY_AGE = Duration.ofHours(24);
    private static final Duration TRIM_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);
    private static final Duration OUTBOX_INTERVAL = Duration.ofSeconds(1);
    private static final Duration START_WAIT = Duration.ofMinutes(1);
    private static final long MAX_SIZE = 64L << 30;
    private static final long FREE_SPACE = 512L << 20;

    /** What acknowledged messages must survive; the server is not ready where the database does not promise it. */
    public enum Survives {
        /** The end of a process, the server's or the database's; the default. */
        PROCESS,
        /** The loss of the database's machine: PostgreSQL with a synchronous standby. */
        MACHINE
    }

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
                reader.oneOf("parley.log.survives", Survives.PROCESS, List.of(Survives.values())),
                reader.duration("parley.log.start-wait", START_WAIT),
                reader.oneOf("parley.log.schema", Schema.MIGRATE, List.of(Schema.values())),
                new ClockLimits(
                        reader.duration("parley.log.clock-skew", ClockLimits.DEFAULT.skew()),
                        reader.duration("parley.log.clock-gap", ClockLimits.DEFAULT.gap())),
                reader.size("parley.log.max-size", MAX_SIZE, 1),
                reader.size("parley.log.free-space", FREE_SPACE, 0));
    }

    public SpaceLimits space() {
        return new SpaceLimits(maxSize, freeSpace, HubChannels.OWN_NAMESPACE);
    }
}
